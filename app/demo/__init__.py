"""A demo letter with signatories and invitees in every state, made through the same verbs as real
ones."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import col

from app import links
from app.db import Database, Db
from app.demo import circulation
from app.endorsement import decisions
from app.endorsement.endorsements import Endorsement
from app.letter import imports, letter_files, letter_states
from app.letter.letters import Letter
from app.organiser import organisers, roles
from app.organiser.organisers import Organiser
from app.signer import corrections, signers, signing, submissions
from app.signer.consent import wording
from app.signer.signing import SignOn
from app.trail.audit import OPERATOR

FOLDER = Path(__file__).parent
ORGANISER = "desk@undersigned.example"
OPEN_FOR = timedelta(days=21)


class Signer(NamedTuple):
    """One signatory of the demo and how far they came."""

    state: str
    kind: str
    organisation: str
    country: str
    name: str
    role: str
    email: str
    website: str = ""
    visibility: str = "public"


SIGNERS = (
    Signer("approved", "organisation", "The Coastal Press Union", "NO", "Ragnhild Moe",
           "Secretary General", "moe@coastalpress.example", "https://coastalpress.example"),
    Signer("approved", "organisation", "Ärzte für freie Sender e. V.", "DE", "Jonas Albrecht",
           "Board member", "albrecht@freie-sender.example", "https://freie-sender.example"),
    Signer("approved", "organisation", "+41 Radio Network", "CH", "Chiara Bernasconi",
           "Coordinator", "chiara@plus41.example", "https://plus41.example"),
    Signer("approved", "organisation", "Zavod za odprte medije", "SI", "Maja Kos", "Director",
           "maja.kos@odprtimediji.example", "https://odprtimediji.example"),
    Signer("approved", "organisation", "Ədalət Hüquq Mərkəzi", "AZ", "Leyla Əhmədova", "Lawyer",
           "leyla@edalet.example", "https://edalet.example"),
    Signer("approved", "organisation", "მედიის თავისუფლების ცენტრი", "GE", "Nino Beridze",
           "Programme lead", "nino@mediacentre.example", "https://mediacentre.example"),
    Signer("approved", "organisation", "مركز حرية الإعلام", "TN", "Amal Trabelsi", "Director",
           "amal@horria.example", "https://horria.example"),
    Signer("approved", "individual", "University of Ardal", "NO", "Prof. Sigrid Thorsen",
           "Professor of media law", "sigrid.thorsen@ardal-uni.example"),
    Signer("approved", "individual", "", "FR", "Étienne Leclerc", "Sound engineer",
           "etienne@leclerc.example"),
    Signer("approved", "organisation", "Shelter for Reporters", "BY", "Vera Novik",
           "Director", "director@shelter.example", "https://shelter.example", "confidential"),
    Signer("correcting", "organisation", "Association of Valley Teachers", "NO", "Per Lund",
           "Chair", "per.lund@valleyteachers.example", "https://valleyteachers.example"),
    Signer("verified", "organisation", "Open Microphone Foundation", "NL", "Femke de Wit",
           "Policy officer", "femke@openmicrophone.example", "https://openmicrophone.example"),
    Signer("verified", "organisation", "Citizens for Radio", "IE", "Aoife Byrne", "Volunteer",
           "citizensforradio@gmail.com", "https://citizensforradio.example"),
    Signer("verified", "organisation", "The Coastal Press Union", "NO", "Odd Berg", "Treasurer",
           "odd.berg@coastalpres.example", "https://coastalpress.example"),
    Signer("verified", "individual", "", "PL", "Zofia Wrona", "", "zofia@wrona.example"),
    Signer("pending", "organisation", "Lake District Listeners", "GB", "Tom Fell", "Chair",
           "tom@lakelisteners.example", "https://lakelisteners.example"),
    Signer("pending", "individual", "", "SE", "Karin Ek", "", "karin@ek.example"),
    Signer("declined", "organisation", "Dr Johnny Bananas Institute", "US", "J. Bananas",
           "Doctor", "bananas@bananas.example", "https://bananas.example"),
    Signer("withdrawn", "individual", "", "DK", "Mads Holm", "", "mads@holm.example"),
)  # fmt: skip


def load(database: Database) -> Iterator[str]:
    """Loads the demo where there is none, and tells what to open."""
    settings = database.settings
    with database.write() as db:
        organiser = organisers.add(db, ORGANISER, "Demo organiser")
        letter = _existing(db) or _new(db, organiser)
        organisers.give_role(db, organiser, letter, roles.OWNER, by=OPERATOR)
        token = links.token(db.keys, links.SIGN_IN, organisers.first_link(db, organiser))
    yield f"Letter       {settings.url(letter.path)}"
    yield f"Embed demo   {settings.url(letter.path)}/embed/demo"
    if settings.smtp_url == "mailbox:":
        yield f"Mailbox      {settings.url('/mailbox')}"
    yield f"Desk         {settings.url(f'/desk/sign-in/{token}')}   (signs in once, for 24 hours)"


def _existing(db: Db) -> Letter | None:
    return db.scalars(select(Letter).where(col(Letter.slug) == "radio-ardal")).first()


def _new(db: Db, organiser: Organiser) -> Letter:
    file = letter_files.read(FOLDER / "letter.md", db.settings.logos_dir)
    file.settings["deadline"] = (db.now + OPEN_FOR).replace(hour=17, minute=0, second=0)
    letter = imports.take_in(db, file, slug=None, by=OPERATOR)
    # Before anybody signs: the owner's address book fills by that.
    organisers.give_role(db, organiser, letter, roles.OWNER, by=OPERATOR)
    letter_states.open_(db, letter, by=OPERATOR)
    circulation.ask(db, letter, organiser)
    for signer in SIGNERS:
        _sign(db, letter, signer)
    circulation.answer(db, letter, organiser)
    circulation.report(db, letter, organiser)
    circulation.write(db, letter, organiser)
    return letter


def _sign(db: Db, letter: Letter, signer: Signer) -> None:
    values = {**signer._asdict(), "authority": "yes"}
    submission = submissions.checked(values, letter, allow_special=True)
    consent = wording(letter.language)
    sign_on = SignOn(submission, letter.sha256, letter.language, consent)
    assert signing.sign(db, letter, [sign_on]) == [True]
    newest = select(Endorsement).order_by(col(Endorsement.id).desc()).limit(1)
    endorsement = db.scalars(newest).one()
    if signer.state != "pending":
        signers.confirm(db, endorsement, letter)
        _decide(db, letter, endorsement, signer.state)


def _decide(db: Db, letter: Letter, endorsement: Endorsement, state: str) -> None:
    if state in ("approved", "correcting"):
        decisions.approve(db, letter, endorsement, by=OPERATOR)
    elif state == "declined":
        reason = "We could not find this institute anywhere."
        decisions.decline(db, letter, endorsement, reason, by=OPERATOR)
    elif state == "withdrawn":
        signers.withdraw(db, endorsement)
    if state == "correcting":
        line = submissions.checked_line(
            {
                "organisation": "Association of Valley Teachers and Parents",
                "country": endorsement.country,
                "website": endorsement.website,
                "name": endorsement.name,
                "role": endorsement.role,
            },
            "organisation",
        )
        corrections.propose(db, endorsement, line)
