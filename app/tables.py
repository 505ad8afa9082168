"""Every table there is: importing this file makes the schema known."""

from app.api_tokens import ApiToken
from app.audit import AuditEntry
from app.circulation import Circulation
from app.corrections import Correction
from app.decisions import Decision
from app.disputes import Dispute
from app.distinctions import Distinction
from app.draft_links import DraftLink
from app.endorsements import Endorsement
from app.invitations import Invitation
from app.letters import Letter
from app.links import Link
from app.message_mails import MessageMail
from app.messages import Message
from app.name_pairs import NamePair
from app.organisations import Organisation, OrganisationKey
from app.organisers import Organiser
from app.outbox import OutboxMail
from app.passkeys import Passkey
from app.proposals import Proposal
from app.questions import Question
from app.reminders import Reminder
from app.reports import Report
from app.roles import Role
from app.sessions import DeskSession
from app.suppressions import Suppression
from app.team_invitations import TeamInvitation
from app.throttle import Spending
from app.totp import RecoveryCode, SecondStep
from app.versions import Version
from app.webhook_calls import WebhookCall
from app.webhooks import Webhook

ALL = (
    ApiToken,
    AuditEntry,
    Circulation,
    Correction,
    Decision,
    DeskSession,
    Dispute,
    Distinction,
    DraftLink,
    Endorsement,
    Invitation,
    Letter,
    Link,
    Message,
    MessageMail,
    NamePair,
    Organisation,
    OrganisationKey,
    Organiser,
    OutboxMail,
    Question,
    Passkey,
    RecoveryCode,
    Reminder,
    Proposal,
    Report,
    Role,
    SecondStep,
    Spending,
    Suppression,
    TeamInvitation,
    Version,
    Webhook,
    WebhookCall,
)
