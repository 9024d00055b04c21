from django.core.exceptions import PermissionDenied

ROLES = ["stranger", "other event", "correspondent", "moderator", "editor", "superuser"]
EVERYBODY_HERE = {"correspondent", "moderator", "editor", "superuser"}
MODERATORS = {"moderator", "editor", "superuser"}
EDITORS = {"editor", "superuser"}


def allowed(operation):
    try:
        operation()
    except PermissionDenied:
        return False
    return True
