"""Reports from PDFs: every figure right or openly unread, the texts paragraph by paragraph."""

from __future__ import annotations

import contextlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.readers.joining import continued, plain
from bot.readers.lines import joined, make_lines
from bot.readers.package import MOST_BYTES
from bot.readers.pages import Glyph, Rule, read_page
from bot.readers.pages import plain as character
from bot.readers.pdf import MOST_PAGES, read
from bot.readers.reading import Unreadable
from bot.readers.ruling import Box, Ruled, filled, ruled_tables
from bot.report import Report, Topic
from tests.papers import LOOKS, Look, bare, paper, scan, turned
from tests.tables import STYLES, figures_of, form, report_of, requests_table

LONG = (
    "2024年，本局通过门户网站（www.example.gov.cn）公开供水、防汛、河湖管理三类信息1286条，"
    "其中水质公告52条、停水通知187条、工程招标结果31条；制作图解12期，答复群众留言496条，"
    "按时答复率100%。"
)
SHORT = "全年没有发生因政府信息公开引起的投诉。"
TABLES = {name: figures_of(requests_table(7, style)) for name, style in STYLES.items()}


def a_report(table: str = "big city") -> Report:
    """A report with long and short paragraphs and a different number in most cells."""
    figures = {key: 100 + at for at, key in enumerate(form().cells)} | {
        key: value for key, value in TABLES[table].items() if key.startswith("requests.")
    }
    figures |= {"proactive.fees_wanyuan": TABLES[table]["proactive.fees_wanyuan"]}
    titles = [topic.title for topic in report_of(figures).topics]
    texts = [LONG, f"{LONG}\n{SHORT}", SHORT, f"{LONG * 2}\n{LONG}", f"{SHORT}\n{SHORT}"]
    return report_of(
        figures,
        preamble=f"根据《中华人民共和国政府信息公开条例》编制本报告。{LONG}",
        intro=f"{LONG}\n{LONG * 3}",
        topics=tuple(Topic(*pair) for pair in zip(titles, texts, strict=True)),
        problems=f"一是解读形式单一。{LONG}\n{SHORT}",
        other=LONG,
        signoff="青石县水务局\n2025年1月20日",
    )


@cache
def printed(look: Look, table: str = "big city") -> bytes:
    """The report as a PDF, made once."""
    return paper(a_report(table), look)


# ── whole reports ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_a_report_is_read_figure_by_figure_and_paragraph_by_paragraph(look: Look) -> None:
    reading = read(printed(look), form())
    expected = replace(a_report(), level="", final=reading.report.final)
    assert reading.report.figures == expected.figures
    assert replace(reading.report, figures={}) == replace(expected, figures={})
    assert reading.unread == ()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    table=st.sampled_from(sorted(TABLES)),
    rules=st.sampled_from(["all", "bare", "across"]),
    size=st.sampled_from([10.5, 12.0, 16.0]),
    cells=st.floats(6.5, 11),
    repeat=st.booleans(),
)
def test_no_figure_is_read_wrong_whatever_the_layout(
    table: str, rules: str, size: float, cells: float, repeat: bool
) -> None:
    look = Look(rules=rules, size=size, cells=round(cells, 1), repeat=repeat)
    report = a_report(table)
    read_figures = read(paper(report, look), form()).report.figures
    assert all(value in (None, report.figures[key]) for key, value in read_figures.items())
    if rules == "all":
        assert read_figures == report.figures


@pytest.mark.parametrize("rules", ["all", "bare"])
def test_a_blank_cell_is_none_and_its_neighbours_stay_where_they_are(rules: str) -> None:
    blanks = {"requests.granted.business", "requests.notproc_repeat.total"}
    report = a_report()
    report = replace(report, figures={**report.figures, **dict.fromkeys(blanks)})
    assert read(paper(report, Look(rules=rules)), form()).report.figures == report.figures


def test_an_empty_form_gives_no_figure_at_all() -> None:
    report = replace(a_report(), figures=dict.fromkeys(form().cells))
    for rules in ("all", "bare"):
        figures = read(paper(report, Look(rules=rules)), form()).report.figures
        assert set(figures.values()) == {None}


def test_a_table_that_cannot_be_told_apart_is_said_to_be_missing() -> None:
    report = replace(
        a_report(), figures={**a_report().figures, "review_litigation.review_other": None}
    )
    reading = read(paper(report, Look(rules="bare")), form())
    cases = [key for key in form().cells if key.startswith("review_litigation.")]
    assert {reading.report.figures[key] for key in cases} == {None}
    assert any("行政复议" in sentence for sentence in reading.unread)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_that_is_shown_turned_is_read_all_the_same(degrees: int) -> None:
    reading = read(turned(printed(LOOKS["ruled"]), degrees), form())
    assert reading.report == read(printed(LOOKS["ruled"]), form()).report


def test_page_numbers_and_running_heads_are_no_text_of_the_report() -> None:
    report = read(printed(LOOKS["paragraphs without indent"]), form()).report
    texts = [
        report.title,
        report.text("preamble"),
        report.text("overview.intro"),
        report.text("problems"),
        report.text("other"),
    ]
    texts += [topic.text for topic in report.topics]
    assert not any("汇编" in (text or "") or "— " in (text or "") for text in texts)


def test_two_readers_at_once_do_not_disturb_each_other() -> None:
    looks = [LOOKS["ruled"], LOOKS["no rules"]] * 3
    with ThreadPoolExecutor(3) as pool:
        figures = pool.map(lambda look: read(printed(look), form()).report.figures, looks)
    assert all(found == a_report().figures for found in figures)


# ── files that cannot be read ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "空"),
        (b"PK\x03\x04 a zip", "不是 PDF"),
        (b"%PDF-1.7\n" + b"x" * 900, "打不开"),
        (b"%PDF-1.7\n" + bytes(MOST_BYTES), "20 MB"),
        (bare(locked=True), "密码"),
        (bare(pages=MOST_PAGES + 1), f"最多能读 {MOST_PAGES} 页"),
        (bare(), "没有可以读的文字"),
        (bare(b"BT /F 9 Tf " + b"(no annual report) Tj " * 30 + b"ET"), "年度报告"),
        (bare(b"BT /F 9 Tf " + b"(abcdefgh) Tj " * 9000 + b"ET"), "太多"),
        (bare(b"0 0 m 9 9 l S " * 100_001 + b"BT /F 9 Tf (abcdefghijkl) Tj ET"), "太多"),
    ],
    ids=["empty", "zip", "junk", "large", "locked", "long", "blank", "letter", "text", "drawing"],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(content: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        read(content, form())


def test_a_scan_is_named_a_scan() -> None:
    with pytest.raises(Unreadable, match="扫描件"):
        read(scan(printed(LOOKS["ruled"])), form())


def test_a_page_that_is_a_picture_is_named_by_its_number() -> None:
    reading = read(scan(printed(LOOKS["ruled"]), behind=printed(LOOKS["ruled"])), form())
    assert reading.report.figures == a_report().figures
    assert any("第 1 页是图片" in sentence for sentence in reading.unread)


def test_text_that_a_scanner_guessed_is_told_from_text_that_is_printed() -> None:
    for mode, guessed in ((b"3", True), (b"0", False)):
        document = pypdfium2.PdfDocument(bare(b"BT /F 9 Tf " + mode + b" Tr (2024) Tj ET"))
        assert read_page(document[0]).guessed is guessed
        document.close()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), look=st.sampled_from(["ruled", "no rules"]))
def test_a_damaged_file_is_read_or_refused_and_never_breaks_the_reader(
    data: st.DataObject, look: str
) -> None:
    content = bytearray(printed(LOOKS[look]))
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=40)):
        content[at] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(0, len(content))) :]
    with contextlib.suppress(Unreadable):
        read(bytes(content), form())


# ── characters, lines, cells ────────────────────────────────────────────────────────────────


def word(text: str, x: float, y: float, size: float = 10) -> list[Glyph]:
    """Characters in a row: Chinese ones as wide as high, others half as wide."""
    glyphs = []
    for one in text:
        wide = size if one > "⺀" else size / 2
        glyphs.append(Glyph(one, x, x + wide, y, size))
        x += wide
    return glyphs


def test_radicals_become_the_characters_they_stand_for_and_punctuation_stays() -> None:
    assert "".join(map(character, "⽔务局⻓⻔⼾⺠")) == "水务局长门户民"
    assert "".join(map(character, "（１），：“年”㎡①")) == "（１），：“年”㎡①"


def test_a_line_is_read_from_left_to_right_with_gaps_as_spaces() -> None:
    glyphs = word("公开", 45, 20) + word("主动", 10, 20.5) + word("12", 100, 20)
    assert [line.text for line in make_lines(glyphs)] == ["主动 公开 12"]


def test_a_letter_printed_twice_to_look_bold_is_one_letter() -> None:
    assert make_lines(word("规章11", 0, 9) + word("规章11", 0.3, 9))[0].text == "规章11"


def test_chinese_lines_are_joined_without_a_space_and_words_with_one() -> None:
    assert joined(["信息公", "开"]) == "信息公开"
    assert joined(["open", "data"]) == "open data"
    assert joined(["http://www.example", "gov.cn"]) == "http://www.examplegov.cn"


def frame(xs: list[float], ys: list[float]) -> list[Rule]:
    """All lines of a table without merged cells."""
    level = [Rule(False, y, xs[0], xs[-1]) for y in ys]
    return level + [Rule(True, x, ys[0], ys[-1]) for x in xs]


def test_a_cell_is_where_lines_cross_and_merges_where_one_is_missing() -> None:
    rules = frame([0, 50, 100], [0, 20, 40])
    rules[1] = Rule(False, 20, 50, 100)
    (table,) = ruled_tables(rules)
    assert [(b.left, b.top, b.right, b.bottom) for b in table.boxes] == [
        (0, 0, 1, 2), (1, 0, 2, 1), (1, 1, 2, 2),
    ]  # fmt: skip


def test_a_table_open_at_its_sides_and_double_lines_make_the_same_cells() -> None:
    whole = ruled_tables(frame([0, 50, 100], [0, 20, 40]))[0]
    opened = [
        rule
        for rule in frame([0, 50, 100], [0, 20, 40])
        if rule.at not in (0, 100) or not rule.upright
    ]
    assert ruled_tables(opened)[0].boxes == whole.boxes
    doubled = frame([0, 50, 100], [0, 20, 40]) + frame([1, 51, 101], [1, 21, 41])
    assert ruled_tables(doubled)[0].boxes == whole.boxes


def test_a_frame_around_the_page_and_an_underline_are_no_tables() -> None:
    assert ruled_tables([*frame([0, 500], [0, 800]), Rule(False, 90, 100, 300)]) == []


def test_lines_drawn_as_thin_filled_boxes_make_a_table_and_shading_does_not() -> None:
    across = b"".join(b"50 %d 200 0.5 re f " % y for y in (700, 720, 740))
    down = b"".join(b"%d 700 0.5 40 re f " % x for x in (50, 150, 249.5))
    document = pypdfium2.PdfDocument(bare(b"50 700 200 40 re f " + across + down))
    (table,) = ruled_tables(read_page(document[0]).rules)
    assert (len(table.xs), len(table.ys), len(table.boxes)) == (3, 3, 4)
    document.close()


def test_numbers_below_each_other_in_one_cell_are_not_made_one_number() -> None:
    (table,) = ruled_tables(frame([0, 60, 200], [0, 40]))
    glyphs = word("12", 10, 15) + word("34", 10, 30) + word("1234", 164, 15) + word("5678", 164, 30)
    assert [box.text for box in filled(table, glyphs).boxes] == ["12 34", "1234 5678"]
    narrow = ruled_tables(frame([0, 30, 200], [0, 40]))[0]
    assert filled(narrow, word("1234", 5, 15) + word("5", 5, 30)).boxes[0].text == "12345"


# ── tables cut by a page ────────────────────────────────────────────────────────────────────


def part(*rows: str) -> Ruled:
    """A table by its rows, cells parted by |; the same word below itself is one cell."""
    texts = [row.split("|") for row in rows]
    boxes: list[Box] = []
    for top, row in enumerate(texts):
        for left, text in enumerate(row):
            above = [b for b in boxes if b.left == left and b.bottom == top]
            if above and text == "↑":
                boxes[boxes.index(above[0])] = replace(above[0], bottom=top + 1)
            else:
                boxes.append(Box(left, top, left + 1, top + 1, text))
    xs = tuple(100.0 * at for at in range(len(texts[0]) + 1))
    return Ruled(xs, tuple(20.0 * at for at in range(len(rows) + 1)), tuple(boxes))


def shown(table: Ruled | None) -> set[tuple[str, int, int]]:
    """The cells of a table: text, first row, row behind the last."""
    assert table is not None
    return {(box.text, box.top, box.bottom) for box in table.boxes}


LABELS = {plain(label) for key in form().cells for label in form().items[key].place}


def test_a_repeated_head_is_dropped_and_a_label_goes_on() -> None:
    above = part("类别|情形|总计", "（五）不予处理|2.重复申请|45")
    below = part("类别|情形|总计", "|3.要求提供公开出版物|3", "↑|4.无正当理由大量反复申请|137")
    assert shown(continued(above, below, LABELS)) == {
        ("类别", 0, 1), ("情形", 0, 1), ("总计", 0, 1), ("（五）不予处理", 1, 4),
        ("2.重复申请", 1, 2), ("45", 1, 2), ("3.要求提供公开出版物", 2, 3), ("3", 2, 3),
        ("4.无正当理由大量反复申请", 3, 4), ("137", 3, 4),
    }  # fmt: skip


def test_a_row_cut_in_two_is_one_row_and_a_blank_row_is_its_own() -> None:
    above = part("5.要求行政机关确认或重新出|29")
    assert shown(continued(above, part("具已获取信息|"), LABELS)) == {
        ("5.要求行政机关确认或重新出具已获取信息", 0, 1), ("29", 0, 1),
    }  # fmt: skip
    below = part("3.其他|")
    assert shown(continued(part("2.重复申请|45"), below, LABELS)) == {
        ("2.重复申请", 0, 1), ("45", 0, 1), ("3.其他", 1, 2), ("", 1, 2),
    }  # fmt: skip


def test_tables_of_different_width_are_two_tables() -> None:
    assert continued(part("规章|1"), part("规章|1|2"), LABELS) is None
