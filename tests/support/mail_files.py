"""Mail messages and saved pages that the tests read."""

from email.message import EmailMessage

from support.written_files import PROSE


def message(plain=PROSE, page="", subject="The harbour opens", **headers):
    """A message as a server hands it over."""
    made = EmailMessage()
    made["Subject"] = subject
    made["From"] = "Anna Bell <press@harbour.example>"
    made["To"] = "list@paper.example"
    made["Date"] = "Thu, 12 Mar 2015 23:30:00 -0500"
    made["Message-ID"] = "<1@harbour.example>"
    for name, said in headers.items():
        made[name.replace("_", "-")] = said
    if plain:
        made.set_content(plain)
    if page:
        made.add_alternative(page, subtype="html") if plain else made.set_content(page, subtype="html")
    return made


def saved_page(body, date="Thu, 12 Mar 2015 23:30:00 -0500"):
    return (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://harbour.example/opens\r\nSubject: The harbour opens\r\n"
        f"Date: {date}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"b1\"\r\n\r\n\r\n"
        "--b1\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Location: https://harbour.example/opens\r\n\r\n"
        f"<!DOCTYPE html><html><head><meta charset=3D\"utf-8\"></head><body><p>{body}</p></body></html>\r\n"
        "--b1\r\nContent-Type: image/gif\r\nContent-Transfer-Encoding: base64\r\n\r\nR0lGODlhAQABAAAAACw=\r\n--b1--\r\n"
    ).encode()  # fmt: skip
