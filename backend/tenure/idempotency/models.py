"""The table of requests with an Idempotency-Key."""

from datetime import datetime

from sqlalchemy import LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from tenure.kernel.db import Base


class KeyedRequest(Base):
    """A request with its answer. `owner` identifies the attempt that may run it.

    `carried_out` is set in the transaction of the change, and the answer is stored after it. If the
    process dies in between, the request is known to be done and is not run again. Another attempt
    takes over the key when the lease of the owner has ended. A long answer is stored in
    `compressed_answer` (zlib), a short one in `answer`.
    """

    __tablename__ = "keyed_request"

    caller: Mapped[str] = mapped_column(String(255), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    owner: Mapped[str | None] = mapped_column(String(32))
    started_at: Mapped[datetime] = mapped_column(index=True)
    carried_out: Mapped[bool] = mapped_column(default=False)
    status: Mapped[int | None] = mapped_column(SmallInteger)
    media_type: Mapped[str | None] = mapped_column(String(255))
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)
    compressed_answer: Mapped[bytes | None] = mapped_column(LargeBinary)
