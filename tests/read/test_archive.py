"""Archives: members are read as the files they are, and what would harm is refused while the rest is read."""

import bz2
import gzip
import io
import tarfile
import zipfile

import pytest

from workbench.errors import UnreadableFile
from workbench.read import read, source
from workbench.schema import Document, Problem

STORY = "The council of the town met on Monday to speak of the harbour and its debts."
PAGE = f"<html><head><title>Council</title></head><body><p>{STORY}</p></body></html>"


def zipped(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def tarred(members, mode="w", **kinds):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, content in members:
            content = content.encode() if isinstance(content, str) else content
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for name, kind in kinds.items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    return out.getvalue()


def taken(folder, name, content):
    path = folder / name
    path.write_bytes(content)
    found = list(read(path, folder))
    return (
        {one.doc_id: one for one in found if isinstance(one, Document)},
        [one for one in found if isinstance(one, Problem)],
    )


MEMBERS = [("in/a.txt", STORY), ("b.html", PAGE), ("rows.csv", f"title,text\nA,{STORY}\nB,{STORY}\n")]
IDS = ["in/a.txt", "b.html", "rows.csv#1", "rows.csv#2"]


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.zip", zipped(MEMBERS)), ("a.tar", tarred(MEMBERS)), ("a.tar.gz", tarred(MEMBERS, "w:gz")), ("a.tgz", tarred(MEMBERS, "w:gz")),
     ("a.tar.bz2", tarred(MEMBERS, "w:bz2"))],
)  # fmt: skip
def test_each_member_is_read_by_the_reader_of_its_format(tmp_path, name, content):
    found, told = taken(tmp_path, name, content)
    assert list(found) == [f"{name}#{one}" for one in IDS]
    assert found[f"{name}#b.html"].known["title"] == "Council"
    assert {one.path for one in found.values()} == {name}
    assert told == []


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
def test_a_packed_file_is_the_file(tmp_path, pack):
    found, _ = taken(tmp_path, "a.txt.gz", pack(STORY.encode()))
    assert list(found) == ["a.txt.gz"]
    found, _ = taken(tmp_path, "rows.csv.gz", pack(MEMBERS[2][1].encode()))
    assert list(found) == ["rows.csv.gz#1", "rows.csv.gz#2"]


def test_archives_in_archives_are_read(tmp_path):
    inner = tarred([("deep.txt", STORY)], "w:gz")
    found, _ = taken(tmp_path, "a.zip", zipped([("in/b.tar.gz", inner), ("c.txt", STORY)]))
    assert list(found) == ["a.zip#in/b.tar.gz#deep.txt", "a.zip#c.txt"]


@pytest.mark.parametrize("name", ["../out.txt", "in/../../out.txt", "/etc/x.txt", "C:\\x.txt", "..\\out.txt"])
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_a_name_that_leaves_the_archive_is_refused_and_the_rest_is_read(tmp_path, name, pack):
    found, (told,) = taken(tmp_path, "a.zip", pack([(name, STORY), ("a.txt", STORY)]))
    assert list(found) == ["a.zip#a.txt"]
    assert (told.path, told.severity) == ("a.zip", "refused")
    assert told.problem.startswith(name.replace("\\", "/")) or told.problem.startswith(name)
    assert "its name" in told.problem
    assert told.hint == "unpack it by hand, if you trust it"


def test_links_and_devices_in_a_tar_are_refused(tmp_path):
    kinds = {"s": tarfile.SYMTYPE, "h": tarfile.LNKTYPE, "f": tarfile.FIFOTYPE, "c": tarfile.CHRTYPE}
    found, told = taken(tmp_path, "a.tar", tarred([("a.txt", STORY)], **kinds))
    assert list(found) == ["a.tar#a.txt"]
    assert [one.problem for one in told] == [f"{name}: it is a link or a device" for name in kinds]


def test_a_link_in_a_zip_is_refused(tmp_path):
    info = zipfile.ZipInfo("link.txt")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    found, (told,) = taken(tmp_path, "a.zip", zipped([(info, "/etc/passwd"), ("a.txt", STORY)]))
    assert list(found) == ["a.zip#a.txt"]
    assert told.problem == "link.txt: it is a link or a device"


def test_a_locked_member_is_refused_with_its_mend(tmp_path):
    raw = bytearray(zipped([("a.txt", STORY), ("b.txt", STORY)]))
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    found, (told,) = taken(tmp_path, "a.zip", bytes(raw))
    assert list(found) == ["a.zip#b.txt"]
    assert told.problem == "a.txt: it is locked with a password"
    assert "password" in told.hint


def test_one_refused_member_does_not_stop_the_others(tmp_path):
    picture = b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 20
    nameless = "Nr,Wort\n1,abc\n"
    found, told = taken(
        tmp_path, "a.zip", zipped([("p.png", picture), ("t.csv", nameless), ("e.txt", ""), ("a.txt", STORY)])
    )
    assert list(found) == ["a.zip#a.txt"]
    assert [one.problem.split(":")[0] for one in told] == ["p.png", "t.csv", "e.txt"]
    assert '["a.zip".columns]' in told[1].hint


def test_two_members_of_one_name_have_two_ids_and_no_member_can_take_that_of_a_row(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate"):
        raw = zipped([("a.txt", STORY), ("a.txt", STORY), ("a.txt#1", STORY)])
    assert list(taken(tmp_path, "a.zip", raw)[0]) == ["a.zip#a.txt", "a.zip#a.txt (2)", "a.zip#a.txt%231"]


def test_hidden_members_readmes_and_settings_are_passed_over_as_in_a_folder(tmp_path):
    names = [".DS_Store", "__MACOSX/._a.txt", "README.md", "metadata.toml", ".git/a.txt", "a.txt"]
    found, told = taken(tmp_path, "a.zip", zipped([(name, STORY) for name in names]))
    assert (list(found), told) == (["a.zip#a.txt"], [])


@pytest.mark.parametrize("cut", [10, 200, -30])
@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz"])
def test_a_damaged_archive_is_refused_or_read_as_far_as_it_goes(tmp_path, name, cut):
    raw = {"a.zip": zipped, "a.tar": tarred, "a.tar.gz": lambda found: tarred(found, "w:gz")}[name](MEMBERS)
    (tmp_path / name).write_bytes(raw[:cut])
    try:
        list(read(tmp_path / name, tmp_path))
    except UnreadableFile as refused:
        assert refused.hint  # noqa: PT017 - either outcome is right


def test_an_archive_without_documents_is_refused(tmp_path):
    with pytest.raises(UnreadableFile, match="holds no text"):
        taken(tmp_path, "a.zip", zipped([]))


def test_a_member_is_corrected_by_its_name(tmp_path):
    (tmp_path / "metadata.toml").write_text('["a.zip#in/a.txt"]\nplace = "Riga"\nreason = "known"\n')
    found, _ = taken(tmp_path, "a.zip", zipped(MEMBERS))
    assert found["a.zip#in/a.txt"].known["place"] == "Riga"
    assert "place" not in found["a.zip#b.html"].known


def test_archives_are_nested_to_a_stated_depth(tmp_path):
    raw = STORY.encode()
    for _ in range(source.MAX_NESTED + 1):
        raw = gzip.compress(raw)
    with pytest.raises(UnreadableFile, match="more than 5 deep"):
        taken(tmp_path, "a.gz", raw)
