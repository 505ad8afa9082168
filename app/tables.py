"""Every table there is: importing this file makes the schema known."""

from app.dispute.disputes import Dispute
from app.duplicate.distinctions import Distinction
from app.duplicate.name_pairs import NamePair
from app.endorsement.decisions import Decision
from app.endorsement.endorsements import Endorsement
from app.endorsement.questions import Question
from app.endorsement.reports import Report
from app.invitation.circulation import Circulation
from app.invitation.invitations import Invitation
from app.invitation.reminders import Reminder
from app.letter.draft_links import DraftLink
from app.letter.letters import Letter
from app.letter.versions import Version
from app.links import Link
from app.mailing.outbox import OutboxMail
from app.mailing.suppressions import Suppression
from app.message.message_mails import MessageMail
from app.message.messages import Message
from app.organisation.organisations import Organisation, OrganisationKey
from app.organiser.api_tokens import ApiToken
from app.organiser.organisers import Organiser
from app.organiser.passkeys import Passkey
from app.organiser.proposals import Proposal
from app.organiser.roles import Role
from app.organiser.sessions import DeskSession
from app.organiser.team_invitations import TeamInvitation
from app.organiser.totp import RecoveryCode, SecondStep
from app.signer.corrections import Correction
from app.throttle import Spending
from app.trail.audit import AuditEntry
from app.webhook.webhook_calls import WebhookCall
from app.webhook.webhooks import Webhook

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
