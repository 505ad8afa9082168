"""What the API answers: every field described, with an example. No address is in any of it."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

# Lists are read page by page.
Next = Annotated[
    str | None,
    Field(
        description="Address of the next page; null on the last one.",
        examples=["https://letters.example/api/v1/letters?after=0198a1f0"],
    ),
]


class Model(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Counts(Model):
    """How many endorsements are in each state, confidential ones included."""

    verified: int = Field(description="Confirmed by mail, waiting for review.", examples=[4])
    approved: int = Field(description="Approved.", examples=[112])
    pending: int = Field(description="Not confirmed yet.", examples=[9])
    declined: int = Field(description="Declined.", examples=[2])
    withdrawn: int = Field(description="Withdrawn by their signers.", examples=[1])
    expired: int = Field(description="Never confirmed.", examples=[3])


class Letter(Model):
    slug: str = Field(description="Names the letter in addresses.", examples=["free-the-press"])
    title: str = Field(
        description="Title in the language it was written in.", examples=["Free the press of Ardal"]
    )
    url: str = Field(
        description="Public page.", examples=["https://letters.example/letters/free-the-press"]
    )
    status: Literal["draft", "open", "paused", "closed", "delivered"] = Field(
        description="State of the letter.", examples=["open"]
    )
    languages: list[str] = Field(
        description="Languages it can be read in (BCP 47), the original first.",
        examples=[["en", "pt"]],
    )
    version: int = Field(description="Number of the text shown now.", examples=[2])
    sha256: str = Field(description="SHA-256 of that version.", examples=["5f…c1"])
    deadline: datetime | None = Field(
        description="When signing ends, in the organisers' zone; null without a deadline.",
        examples=["2026-12-16T17:00:00+01:00"],
    )
    role: Literal["owner", "editor", "reviewer", "viewer"] = Field(
        description="Your role on it.", examples=["owner"]
    )
    counts: Counts = Field(description="Endorsements by state.")


class Letters(Model):
    letters: list[Letter] = Field(description="The letters you work on, the newest first.")


class Endorsement(Model):
    id: str = Field(
        description="Random and stable; the same as in the public list.",
        examples=["9b2c0e7f41d8a3655e10c2"],
    )
    kind: Literal["organisation", "individual"] = Field(
        description="Who signed.", examples=["organisation"]
    )
    status: Literal["pending", "verified", "approved", "declined", "withdrawn", "expired"] = Field(
        description="State of the endorsement.", examples=["verified"]
    )
    visibility: Literal["public", "confidential"] = Field(
        description="Confidential ones are named in no public output; keep them so.",
        examples=["public"],
    )
    origin: Literal["web", "invitation", "reported", "import"] = Field(
        description="How it came.", examples=["web"]
    )
    organisation: str = Field(
        description="The organisation; of an individual, the affiliation.",
        examples=["Meridian Media Watch"],
    )
    name: str = Field(
        description="The individual, or the organisation's representative.", examples=["Mara Lind"]
    )
    role: str = Field(description="The representative's role.", examples=["Director"])
    website: str = Field(description="Website, or empty.", examples=["https://meridian.example"])
    country: str = Field(description="ISO 3166-1 alpha-2, or empty.", examples=["NO"])
    language: str = Field(description="Language the letter was read in.", examples=["en"])
    version: int = Field(description="Number of the version signed.", examples=[2])
    signed_at: datetime = Field(
        description="When the form was sent.", examples=["2026-12-01T09:30:00Z"]
    )
    confirmed_at: datetime | None = Field(
        description="When the mail was confirmed.", examples=["2026-12-01T09:41:00Z"]
    )
    decided_at: datetime | None = Field(
        description="When an organiser decided last.", examples=["2026-12-02T14:00:00Z"]
    )
    hidden_at: datetime | None = Field(
        description="Since when an approved one is off the public list, as it is disputed.",
        examples=["2026-12-03T08:15:00Z"],
    )
    reason: str | None = Field(
        description="Why it was declined.", examples=["Not known to the coalition."]
    )
    merged_into: str | None = Field(
        description="A duplicate: the id of the endorsement it was merged into, which is the one "
        "that counts and is listed. Null for every other.",
        examples=["5f0d1c3b9a7e2486c1b0d7"],
    )


class Endorsements(Model):
    endorsements: list[Endorsement] = Field(description="A page of them, the oldest first.")
    next: Next


class Decline(Model):
    reason: str = Field(
        description="Told to the signer; at most 1,000 characters.",
        examples=["We could not reach your office."],
    )


class Invitation(Model):
    id: str = Field(
        description="Random and stable.", examples=["0198a1f0-5c1e-7d3a-9f00-1b2c3d4e5f60"]
    )
    status: Literal["invited", "promised", "signed", "declined", "bounced"] = Field(
        description="Where the invitee stands.", examples=["promised"]
    )
    organisation: str = Field(
        description="The organisation invited, or empty.", examples=["Delta Legal Aid"]
    )
    name: str = Field(description="The person written to, or empty.", examples=["Jon Brekke"])
    country: str = Field(description="ISO 3166-1 alpha-2, or empty.", examples=["DE"])
    promised_until: date | None = Field(
        description="The day by which they will answer.", examples=["2026-12-05"]
    )
    invited_at: datetime | None = Field(
        description="When the invitation was mailed; null if it wasn't yet.",
        examples=["2026-11-28T08:00:00Z"],
    )
    answered_at: datetime | None = Field(
        description="When they last answered.", examples=["2026-11-29T10:12:00Z"]
    )


class Invitations(Model):
    invitations: list[Invitation] = Field(description="A page of them, the oldest first.")
    next: Next


class Problem(Model):
    """Every refusal (RFC 9457)."""

    type: str = Field(
        description="Always about:blank: the status says it.", examples=["about:blank"]
    )
    title: str = Field(description="The status in words.", examples=["Not found"])
    status: int = Field(description="HTTP status.", examples=[404])
    detail: str = Field(
        description="What went wrong, for people.", examples=["There is no such letter."]
    )


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": text}
    for status, text in (
        (401, "No token, or one that is good no longer."),
        (403, "Your role, the token's scopes or the letter's two-person rule don't allow it."),
        (404, "There is no such letter or endorsement among yours."),
        (409, "Somebody was quicker, or the state doesn't allow it now."),
        (422, "Something sent can't be taken."),
    )
}
