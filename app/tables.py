"""Every table there is: importing this file makes the schema known."""

from app.api_tokens import ApiToken
from app.audit import AuditEntry
from app.corrections import Correction
from app.endorsements import Endorsement
from app.invitations import Invitation
from app.letters import Letter
from app.links import Link
from app.organisations import Organisation, OrganisationKey
from app.organisers import DeskSession, Organiser
from app.outbox import OutboxMail
from app.roles import Role
from app.suppressions import Suppression
from app.throttle import Spending
from app.versions import Version
from app.webhook_calls import WebhookCall
from app.webhooks import Webhook

ALL = (
    ApiToken,
    AuditEntry,
    Correction,
    DeskSession,
    Endorsement,
    Invitation,
    Letter,
    Link,
    Organisation,
    OrganisationKey,
    Organiser,
    OutboxMail,
    Role,
    Spending,
    Suppression,
    Version,
    Webhook,
    WebhookCall,
)
