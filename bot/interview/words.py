"""What people type for a button or a command, and the numbers by which buttons are typed.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.answers import plain
from bot.interview.talk import Talk

COMMANDS: Mapping[str, str] = {
    "/start": "hello", "开始": "hello", "你好": "hello", "您好": "hello",
    "/progress": "progress", "进度": "progress",
    "/back": "back", "上一步": "back", "返回": "back", "上一题": "back",
    "/skip": "skip", "跳过": "skip", "暂不清楚": "skip", "不清楚": "skip", "不知道": "skip",
    "/undo": "undo", "撤销": "undo", "撤消": "undo",
    "/help": "help", "帮助": "help", "?": "help", "什么意思": "help",
    "/view": "view", "查看": "view", "修改": "view", "查看/修改": "view", "查看修改": "view",
    "/report": "make", "生成报告": "make", "生成": "make",
    "提交": "submit", "上报": "submit", "报送": "submit", "收回": "recall", "撤回": "recall",
    "pdf": "pdf", "要pdf": "pdf", "网页": "html", "excel": "xlsx", "表格": "xlsx", "工作簿": "xlsx",
    "要网页": "html", "要excel": "xlsx", "要表格": "xlsx", "要纯文本": "txt", "要word": "make",
    "纯文本": "txt", "预览": "preview", "/preview": "preview",
    "什么意思啊": "help", "什么意思呀": "help", "啥意思": "help", "这是什么意思": "help",
    "不懂": "help", "看不懂": "help", "没看懂": "help", "不明白": "help", "怎么填": "help",
    "不会填": "help", "不会": "help",
    "停": "pause", "暂停": "pause", "先停": "pause", "先停一下": "pause", "不想填了": "pause",
    "不填了": "pause", "先不填了": "pause", "先这样": "pause", "明天再说": "pause",
    "明天再填": "pause", "下次再填": "pause", "改天再填": "pause", "退出": "pause", "再见": "pause",
    "继续": "go_on", "说明": "explain", "写说明": "explain", "补写说明": "explain",
    "补填待办": "catch", "查看问题": "notes",
}  # fmt: skip

ALSO: Mapping[str, tuple[str, ...]] = {
    "none": ("都没有", "全都没有", "全部没有", "全没有"),
    "draft": ("用", "采用", "就用这段", "可以", "好"),
    "nothing": ("没有", "无", "都没有"),
    "rest": ("就是这些", "对", "是"),
    "rest_zero": (
        "其余0",
        "其余都是0",
        "其余为0",
        "其余是0",
        "剩下都是0",
        "都是0",
        "其余没有",
        "其他都是0",
        "其他都没有",
        "其他没有",
        "其它没有",
        "其它都没有",
    ),
    "rewrite": ("不用",),
    "omit": ("不要", "不用写"),
    "end": ("完", "结束", "好了"),
}

ACCEPT = {"对", "是", "确认", "好", "没错", "存", "存入", "可以", "ok", "嗯", "y", "yes"}

DROP = {"不对", "不是", "取消", "不存", "算了", "错了", "不", "n", "no", "重来"}


def find_command(text: str, word: str) -> str:
    """The command that a text is, or ''; `word` is the text without the stop behind it."""
    name = plain(text).split(" ")[0] if text.startswith("/") else word.replace(" ", "")
    asks_help = COMMANDS.get(name.rstrip("?")) == "help"  # but 提交? hands nothing in
    return "help" if asks_help else COMMANDS.get(name, "")


def find_choice(talk: Talk, text: str, *, numbered: bool) -> tuple[str, str] | None:
    """The button that typed words or a number mean: `没有`, `/2`, or `2` where no number is asked.

    A bare number means a button only where buttons are shown with their numbers.

    The pair is (code, question).
    """
    choices = talk.position.choices
    typed = plain(text)
    dense = typed.rstrip("。").replace(" ", "")
    for label, code, question in choices:
        words = plain(label).replace(" ", "")
        if typed and dense in (words, *ALSO.get(code, ())):
            return code, question
    number = typed.removeprefix("/")
    if not (number.isascii() and number.isdigit() and len(number) < 4):
        return None
    if (talk.position.numeric or not numbered) and not typed.startswith("/"):
        return None
    if 1 <= int(number) <= len(choices):
        _, code, question = choices[int(number) - 1]
        return code, question
    return None
