"""The GraphQL types of users and of the tokens of partner systems. Only an admin reads them."""

from datetime import datetime

from tenure.graphql.reads.declarations import column
from tenure.graphql.reads.fields import mapped
from tenure.graphql.reads.filters import one_of
from tenure.graphql.reads.mapping import Condition, Filter, Filters
from tenure.graphql.types.nodes import NodeType
from tenure.identity import models
from tenure.identity.models import UserStatus
from tenure.kernel.actor import Role
from tenure.kernel.pages import Order

USER_ORDER = Order((models.User.id,), descending=True)
TOKEN_ORDER = Order((models.Token.id,), descending=True)


def user_filters() -> Filters:
    """The filters of the list of users."""
    return {"status": one_of(models.User.status), "role": one_of(models.User.role)}


def token_filters() -> Filters:
    """The filters of the list of tokens."""
    return {
        "role": one_of(models.Token.role),
        "is_revoked": Filter(
            _is_revoked,
            bool,
            description="Whether the token is revoked. Default: revoked ones and others.",
        ),
    }


def _is_revoked(revoked: bool) -> Condition:
    column = models.Token.revoked_at
    return column.is_not(None) if revoked else column.is_(None)


@mapped(
    models.User,
    "A person who signs in on the page. Users are never deleted. Reading them requires role ADMIN.",
    role=Role.ADMIN,
)
class UserType(NodeType):
    """A user, without the password."""

    email: str = column(
        models.User.email,
        "The address to sign in with, in lower case. It is the name of the user in events, in the "
        "audit log and wherever else a change names its actor. It cannot be changed.",
    )
    name: str | None = column(models.User.name, "For example `Ana Álvarez`. Null if not given.")
    role: Role = column(models.User.role, "What the user may do.")
    status: UserStatus = column(models.User.status, "Whether the user may sign in.")
    created_at: datetime = column(
        models.User.created_at, "When the user was created, in real time."
    )
    last_sign_in_at: datetime | None = column(
        models.User.last_sign_in_at, "In real time. Null if the user has never signed in."
    )
    version: int = column(
        models.User.version,
        "Increased by every change of the user or of the password. Pass it as `expectedVersion`.",
    )


@mapped(
    models.Token,
    "The access of a partner system. Its secret is shown once, when it is created. Reading tokens "
    "requires role ADMIN.",
    role=Role.ADMIN,
)
class TokenType(NodeType):
    """A token, without its secret."""

    name: str = column(
        models.Token.name,
        "The name of the partner system. It is the actor of the changes made with the token.",
    )
    role: Role = column(models.Token.role, "What the partner system may do.")
    prefix: str = column(
        models.Token.prefix, "The first characters of the secret, to tell tokens apart."
    )
    created_by: str = column(
        models.Token.created_by, "The name of the user or API client that created the token."
    )
    created_at: datetime = column(
        models.Token.created_at, "When the token was created, in real time."
    )
    expires_at: datetime | None = column(
        models.Token.expires_at,
        "From this time, in real time, the token is refused. Null if it does not expire.",
    )
    last_used_at: datetime | None = column(
        models.Token.last_used_at,
        "In real time, exact to a minute. Null if the token has never been used.",
    )
    revoked_at: datetime | None = column(
        models.Token.revoked_at, "Since then the token is refused. Null if it is not revoked."
    )
