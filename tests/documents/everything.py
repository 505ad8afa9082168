"""A letter with everything a letter can have."""

from app.documents.document import Document, Lead, Line
from tests.documents.letters import letter, picture

BODY = """\
# First heading

We ask *you* **now**, ~~later~~ `soon`, with [a *link*](https://a.example/x?y&z)[^1] and[^b],\\
again[^1] on <https://b.example>.

7. Seven
8. Eight

   It goes on.
   - inner
     1. innermost [link](mailto:c@d.example)
   - inner two
9. Nine

## Second heading

> A quotation[^b]
>
> 3. three
> 4. four
>
> > within a quotation

| Country | Cases | Share |
|:--|--:|:-:|
| [Norway](https://no.example) | 12 | 3 %[^1] |
| Georgia | | *1* % |

---

```
code  block
  of two lines
```

[^1]: First note with [a link](https://e.example).
[^b]: Second note.

    - with a list
"""


def everything() -> Document:
    logos = [Lead(f"Lead {n}", "Local", picture("PNG", (40 + 20 * n, 40))) for n in range(3)]
    return letter(
        letterhead=(*logos, Lead("Norwegian Helsinki Committee", "Den norske Helsingforskomité")),
        place_and_date="Baku, 29 September 2025",
        addressees=("To the President,\nMikael Sjöberg", "To B", "To C", "To D,\nStreet 1"),
        cc=("The Secretary General", "The Registrar,\nStrasbourg"),
        subject_label="Re.:",
        salutation="Dear Mr. President,",
        body=BODY,
        closing="Yours sincerely,\nthe undersigned",
        organisations=(
            Line("Freedom Now", representative="Jane Doe", role="Director", country="Norway"),
            Line("Aurora", reported=True, signed_version=1),
            Line("مركز حماية لحقوق الإنسان"),
        ),
        individuals=(Line("Samed Rahimli", role="lawyer", affiliation="Bar", reported=True),),
        wall=(Lead("Aurora", logo=picture("PNG")), Lead("Freedom Now", logo=picture("PNG"))),
        withheld=3,
        version=2,
        mark="Proof",
    )
