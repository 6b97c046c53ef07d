"""The table of requests that bear an Idempotency-Key."""

from datetime import datetime

from sqlalchemy import LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from tenure.kernel.db import Base


class KeyedRequest(Base):
    """`carried_out` is written in the transaction of the change itself, the answer after it.

    So a process that dies in between leaves a request that is known to have been carried out, and is not done again.
    `owner` is the request that may carry it out: a later one takes the key over when the lease of the first has ended.
    A long answer is in `compressed_answer` (zlib), a short one in `answer`.
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
