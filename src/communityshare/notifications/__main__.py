"""`python -m communityshare.notifications` prints the service's OpenAPI document, from which clients are made."""

from communityshare.apidocs import document
from communityshare.infra.settings import Settings
from communityshare.notifications.app import create_app

# Nothing is connected to: the document needs the routes alone.
_SETTINGS = Settings(
    database_url="postgresql://unused", jwt_secret="unused" * 8, notifications_token="unused" * 8
)

if __name__ == "__main__":
    print(document.text_of(create_app(_SETTINGS)))  # noqa: T201 the command's result
