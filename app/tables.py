"""Every table there is: importing this file makes the schema known."""

from app.audit import AuditEntry
from app.corrections import Correction
from app.endorsements import Endorsement
from app.letters import Letter
from app.links import Link
from app.organisers import DeskSession, Organiser, Role
from app.outbox import OutboxMail
from app.suppressions import Suppression
from app.throttle import Spending
from app.versions import Version

ALL = (
    AuditEntry,
    Correction,
    DeskSession,
    Endorsement,
    Letter,
    Link,
    Organiser,
    OutboxMail,
    Role,
    Spending,
    Suppression,
    Version,
)
