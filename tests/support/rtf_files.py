"""RTF files that the tests read."""

HEAD = rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fnil\fcharset0 Arial;}{\f1\fnil\fcharset204 Times;}}"


def rtf(body, head=HEAD):
    return head + (body if isinstance(body, bytes) else body.encode("latin-1")) + b"}"
