"""The look of `report.docx` after GB/T 9704: paragraph styles, fonts, page numbers, draft mark.

Used by `make_report_docx.py` only. The names of the styles are an agreement with
`bot.readers.docx`, which knows the parts of a report by them.
"""

from __future__ import annotations

from dataclasses import dataclass

from report_tables import paragraph

DRAFT = "草稿 · 未完成，请勿外发"
PITCH = 579  # 28.95 pt: 22 lines on 225 mm
BODY, TITLE, HEI, KAI, SONG = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
STAND_INS = {BODY: "仿宋", TITLE: "宋体", HEI: "SimHei", KAI: "楷体", SONG: "SimSun"}

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    f'xmlns:r="{OFFICE}/relationships" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:w10="urn:schemas-microsoft-com:office:word"'
)


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style: `size` in half points, `layout` and `run` are the rest of its XML."""

    key: str
    name: str
    font: str
    size: int
    layout: str
    run: str = ""


def lines(pitch: int = PITCH, before: int = 0, after: int = 0) -> str:
    """Lines of exactly `pitch` twips, with space before and after the paragraph.

    Off the page's grid, which would stretch the rows of tables and the lines of the title.
    """
    space = f'w:before="{before}" w:after="{after}"'
    return f'<w:snapToGrid w:val="0"/><w:spacing {space} w:line="{pitch}" w:lineRule="exact"/>'


def _outline(level: int) -> str:
    """A heading: never alone at the end of a page, and listed in Word's navigation."""
    return f'{_KEEP}{lines()}{_INDENT}<w:outlineLvl w:val="{level}"/>'


def _in_cell(pitch: int, align: str) -> str:
    """Text in a cell; what stands at the left keeps a little off the border."""
    indent = '<w:ind w:left="40"/>' if align == "left" else ""
    return f'{lines(pitch)}{indent}<w:jc w:val="{align}"/>'


def _outside(side: str) -> str:
    """A page number at the outer side, one character in."""
    indent = f'<w:ind w:{side}Chars="100" w:{side}="280"/>'
    return f'<w:snapToGrid w:val="0"/>{indent}<w:jc w:val="{side}"/>'


_KEEP = "<w:keepNext/><w:keepLines/>"
_INDENT = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
_TIGHT = '<w:spacing w:val="-5"/>'  # 28 characters of 16 pt on 156 mm
# A page is filled to its last line: no line is moved so that two stand together.
_TEXT = f'<w:widowControl w:val="0"/>{lines()}{_INDENT}<w:jc w:val="both"/>'
_CENTRED = f'{_KEEP}{lines(680, after=PITCH)}<w:jc w:val="center"/>'
_SIGNED = (  # the space before is between the last text and the first line only
    f'{_KEEP}{lines(before=PITCH)}<w:ind w:rightChars="200" w:right="640"/>'
    '<w:contextualSpacing/><w:jc w:val="right"/>'
)

STYLES = (
    Style("ReportTitle", "年报标题", TITLE, 44, _CENTRED),
    Style("ReportLongTitle", "年报长标题", TITLE, 36, _CENTRED),
    Style("ReportBody", "年报正文", BODY, 32, _TEXT, _TIGHT),
    Style("ReportHeading", "年报一级标题", HEI, 32, _outline(0), _TIGHT),
    Style("ReportTopic", "年报二级标题", KAI, 32, _outline(1), _TIGHT),
    Style("ReportSignoff", "年报落款", BODY, 32, _SIGNED),
    Style("ReportCell", "年报表格", SONG, 21, _in_cell(320, "center")),
    Style("ReportSmallCell", "年报小表格", SONG, 18, _in_cell(240, "center")),
    Style("ReportSmallLabel", "年报小表格项目", SONG, 18, _in_cell(240, "left")),
    Style("ReportHeader", "年报页眉", SONG, 18, '<w:snapToGrid w:val="0"/>'),
    Style(
        "ReportDraft", "年报草稿", HEI, 24,
        '<w:snapToGrid w:val="0"/><w:jc w:val="center"/>', '<w:color w:val="C00000"/>',
    ),
    Style("ReportOddPage", "年报单页码", SONG, 28, _outside("right")),
    Style("ReportEvenPage", "年报双页码", SONG, 28, _outside("left")),
)  # fmt: skip


def styles() -> str:
    """`word/styles.xml`."""
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr>{_fonts(BODY)}<w:sz w:val="32"/>'
        '<w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr>'
        "</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        "<w:qFormat/></w:style>"
    )
    own = "".join(
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{style.key}">'
        f'<w:name w:val="{style.name}"/><w:basedOn w:val="Normal"/><w:qFormat/>'
        f"<w:pPr>{style.layout}</w:pPr><w:rPr>{_fonts(style.font)}{style.run}"
        f'<w:sz w:val="{style.size}"/><w:szCs w:val="{style.size}"/></w:rPr></w:style>'
        for style in STYLES
    )
    return f"{HEAD}<w:styles {NAMES}>{defaults}{own}</w:styles>"


def _fonts(name: str) -> str:
    """The same font for every script: quotation marks and digits stay in the text's font."""
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}"/>'


def font_table() -> str:
    """`word/fontTable.xml`: which font stands in where the official one is missing."""
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/>'
        '<w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for name, other in STAND_INS.items()
    )
    return f"{HEAD}<w:fonts {NAMES}>{entries}</w:fonts>"


def theme() -> str:
    """`word/theme/theme1.xml`: checkers ask for one; nothing in the report uses it."""
    names = ("dk1", "lt1", "dk2", "lt2", *(f"accent{number}" for number in range(1, 7)))
    values = dict.fromkeys((*names, "hlink", "folHlink"), "000000") | dict.fromkeys(
        ("lt1", "lt2"), "FFFFFF"
    )
    colours = "".join(
        f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in values.items()
    )
    faces = f'<a:latin typeface="{SONG}"/><a:ea typeface="{SONG}"/><a:cs typeface=""/>'
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        f'{HEAD}<a:theme xmlns:a="{DRAWING}" name="nianbao"><a:themeElements>'
        f'<a:clrScheme name="nianbao">{colours}</a:clrScheme><a:fontScheme name="nianbao">'
        f"<a:majorFont>{faces}</a:majorFont><a:minorFont>{faces}</a:minorFont></a:fontScheme>"
        f'<a:fmtScheme name="nianbao"><a:fillStyleLst>{fill * 3}</a:fillStyleLst><a:lnStyleLst>'
        f"{f'<a:ln>{fill}</a:ln>' * 3}</a:lnStyleLst><a:effectStyleLst>{effect * 3}"
        f"</a:effectStyleLst><a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme>"
        "</a:themeElements></a:theme>"
    )


SETTINGS = (
    f'{HEAD}<w:settings {NAMES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/>'
    '<w:evenAndOddHeaders/><w:characterSpacingControl w:val="compressPunctuation"/>'
    '<w:compat><w:compatSetting w:name="compatibilityMode" '
    'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
)


def footer(style: str) -> str:
    """A page footer: — 1 —."""
    field = "".join(
        f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>{behind}'
        for kind, behind in (
            ("begin", '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'),
            ("separate", "<w:r><w:t>1</w:t></w:r>"),
            ("end", '<w:r><w:t xml:space="preserve"> —</w:t></w:r>'),
        )
    )
    return f"{HEAD}<w:ftr {NAMES}>{paragraph(style, '— ', after=field)}</w:ftr>"


def header(number: int) -> str:
    """A page header: the draft's mark and watermark, nothing once the report is final."""
    return (
        f"{HEAD}<w:hdr {NAMES}>"
        + paragraph("ReportHeader", "{%p if final %}")
        + paragraph("ReportHeader", "")
        + paragraph("ReportHeader", "{%p else %}")
        + paragraph("ReportDraft", DRAFT, after=_watermark(number))
        + paragraph("ReportHeader", "{%p endif %}")
        + "</w:hdr>"
    )


def _watermark(number: int) -> str:
    """草稿 in large gray letters across the page; Word and LibreOffice know this shape by name."""
    centred = "".join(
        f"mso-position-{way}:center;mso-position-{way}-relative:margin;"
        for way in ("horizontal", "vertical")
    )
    return (
        '<w:r><w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" '
        'adj="10800" path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/>'
        '<v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>'
        '<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/>'
        '<v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/>'
        '<v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/>'
        '<v:f eqn="sum @6 0 @5"/></v:formulas><v:path textpathok="t" o:connecttype="custom" '
        'o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" o:connectangles="270,180,90,0"/>'
        '<v:textpath on="t" fitshape="t"/></v:shapetype>'
        f'<v:shape id="PowerPlusWaterMarkObject{number}" o:spid="_x0000_s{2048 + number}" '
        'type="#_x0000_t136" style="position:absolute;margin-left:0;margin-top:0;width:320pt;'
        f'height:160pt;rotation:315;z-index:-251658752;{centred}" o:allowincell="f" '
        f'fillcolor="#e3e3e3" stroked="f"><v:textpath style="font-family:{HEI};font-size:1pt" '
        'string="草稿"/><w10:wrap anchorx="margin" anchory="margin"/></v:shape></w:pict></w:r>'
    )
