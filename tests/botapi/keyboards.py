"""What Telegram checks in a reply_markup. No I/O."""

from typing import Any

from tests.botapi.faults import bad

Keyboard = list[list[dict[str, Any]]]
DATA_BYTES = 64
MOST_BUTTONS = 100
ACTIONS = frozenset(
    {
        "callback_data",
        "copy_text",
        "login_url",
        "pay",
        "switch_inline_query",
        "switch_inline_query_chosen_chat",
        "switch_inline_query_current_chat",
        "url",
        "web_app",
    }
)
OTHERS = ("keyboard", "remove_keyboard", "force_reply")


def read_markup(markup: Any) -> tuple[Keyboard, dict[str, Any] | None]:
    """The inline keyboard (or []) and any other markup (or None); 400 as Telegram would."""
    if markup is None:
        return [], None
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    if "inline_keyboard" in markup:
        return _inline(markup["inline_keyboard"]), None
    if markup and not any(name in markup for name in OTHERS):
        raise bad("can't parse reply keyboard markup JSON object")
    return [], markup or None


def _inline(rows: Any) -> Keyboard:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad("can't parse inline keyboard: expected an Array of Array of buttons")
    if sum(map(len, rows)) > MOST_BUTTONS:
        raise bad("reply markup is too long")
    for row in rows:
        for button in row:
            _check_button(button)
    return [row for row in rows if row]


def _check_button(button: Any) -> None:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad("can't parse inline keyboard button: Can't find field \"text\"")
    if not button["text"].strip():
        raise bad("BUTTON_TEXT_INVALID")
    if ACTIONS.isdisjoint(button):
        raise bad(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if "callback_data" in button:
        data = button["callback_data"]
        if not isinstance(data, str) or not 1 <= len(data.encode("utf-8")) <= DATA_BYTES:
            raise bad("BUTTON_DATA_INVALID")
    elif "url" in button and not str(button["url"]):
        raise bad("BUTTON_URL_INVALID")
