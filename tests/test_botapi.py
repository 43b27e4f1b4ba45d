"""The double of the Bot API keeps Telegram's contract: what it takes, refuses and repeats."""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import telegram
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputMediaDocument
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter

from tests.botapi.double import BotApi
from tests.botapi.entities import BadMarkup, parse_html
from tests.botapi.faults import Refused
from tests.botapi.limits import Limiter, Rates
from tests.botapi.updates import Updates

RETRY_AS_NUMBER = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
Answer = tuple[int, dict[str, Any]]


class Calls:
    """A bare client: one call of the Bot API as JSON, its status and its answer."""

    def __init__(self, api: BotApi, session: aiohttp.ClientSession) -> None:
        self.api, self.session = api, session

    async def __call__(self, method: str, token: str = "", **params: Any) -> Answer:
        url = f"{self.api.root}/bot{token or self.api.token}/{method}"
        async with self.session.post(url, json=params) as response:
            return response.status, await response.json()

    async def refused(self, method: str, **params: Any) -> str:
        """The description of a 400."""
        status, answer = await self(method, **params)
        assert (status, answer["ok"], answer["error_code"]) == (400, False, 400), answer
        words: str = answer["description"]
        return words.removeprefix("Bad Request: ")

    async def fine(self, method: str, **params: Any) -> Any:
        """The result of a call that must be taken."""
        status, answer = await self(method, **params)
        assert (status, answer["ok"]) == (200, True), answer
        return answer["result"]


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi(limits=None) as api:
        api.user(1, "Li").say("hello")
        yield api


@pytest.fixture
async def call(api: BotApi) -> AsyncIterator[Calls]:
    async with aiohttp.ClientSession() as session:
        yield Calls(api, session)


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[telegram.Bot]:
    async with ptb(api) as bot:
        yield bot


@asynccontextmanager
async def ptb(api: BotApi) -> AsyncIterator[telegram.Bot]:
    async with telegram.Bot(
        api.token, base_url=f"{api.root}/bot", base_file_url=f"{api.root}/file/bot"
    ) as bot:
        yield bot


def button(words: str, data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(words, callback_data=data)]])


def keys(*buttons: dict[str, str]) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


# Updates


async def test_an_update_comes_again_until_an_offset_confirms_it(bot: telegram.Bot) -> None:
    first = await bot.get_updates()
    again = await bot.get_updates()
    assert [u.update_id for u in again] == [u.update_id for u in first]
    assert await bot.get_updates(offset=first[-1].update_id) == again
    assert not await bot.get_updates(offset=first[-1].update_id + 1)
    assert not await bot.get_updates()


async def test_a_negative_offset_keeps_only_the_last(api: BotApi, call: Calls) -> None:
    api.user(1).say("second")
    (last,) = await call.fine("getUpdates", offset=-1)
    assert last["message"]["text"] == "second"


async def test_a_batch_has_at_most_the_limit_and_never_over_a_hundred(
    api: BotApi, call: Calls
) -> None:
    for number in range(150):
        api.user(1).say(str(number))
    assert len(await call.fine("getUpdates", limit=7)) == 7
    assert len(await call.fine("getUpdates", limit=500)) == 100


async def test_a_long_poll_waits_and_wakes_at_once(api: BotApi, call: Calls) -> None:
    poll = asyncio.create_task(call.fine("getUpdates", offset=1001, timeout=20))
    await asyncio.sleep(0.05)
    assert not poll.done()
    said = time.monotonic()
    api.user(1).say("wake up")
    assert (await poll)[0]["message"]["text"] == "wake up"
    assert time.monotonic() - said < 0.2


async def test_a_long_poll_ends_empty_after_its_timeout(call: Calls) -> None:
    before = time.monotonic()
    assert await call.fine("getUpdates", offset=1001, timeout=1) == []
    assert 0.9 < time.monotonic() - before < 1.5


async def test_a_second_poller_ends_the_first_with_409(api: BotApi, call: Calls) -> None:
    first = asyncio.create_task(call("getUpdates", offset=1001, timeout=20))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(call("getUpdates", timeout=20))
    status, answer = await first
    assert (status, answer["description"]) == (
        409,
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
    )
    api.user(1).say("for the second")
    assert (await second)[0] == 200


async def test_a_webhook_forbids_polling_until_it_is_deleted(call: Calls) -> None:
    poll = asyncio.create_task(call("getUpdates", offset=1001, timeout=20))
    await asyncio.sleep(0.05)
    await call.fine("setWebhook", url="https://example.org/hook")
    assert (await poll)[0] == 409
    assert (await call("getUpdates"))[0] == 409
    assert (await call.fine("getWebhookInfo"))["url"] == "https://example.org/hook"
    await call.fine("deleteWebhook")
    assert (await call("getUpdates"))[0] == 200


async def test_a_webhook_without_https_is_refused(call: Calls) -> None:
    assert "HTTPS" in await call.refused("setWebhook", url="http://example.org")


async def test_updates_of_a_kind_the_bot_does_not_want_do_not_come(
    api: BotApi, call: Calls
) -> None:
    await call.fine("getUpdates", offset=1001, allowed_updates=["callback_query"])
    api.user(1).say("unwanted")
    assert await call.fine("getUpdates") == []


async def test_a_redelivered_update_comes_once_more_though_confirmed(
    api: BotApi, call: Calls
) -> None:
    await call.fine("getUpdates", offset=1001)
    api.redeliver(1000)
    (again,) = await call.fine("getUpdates", offset=1001)
    assert again["update_id"] == 1000
    assert await call.fine("getUpdates", offset=1001) == []


async def test_every_deed_of_a_user_is_an_update_that_telegram_types_understand(
    api: BotApi, bot: telegram.Bot
) -> None:
    user, group = api.user(1), api.group(-5, "Office")
    said = user.say("年报 /report@some_bot now")
    user.edit(said, "/start over")
    user.reply(said, "a reply")
    user.start("abc_-9")
    user.send_sticker()
    user.send_voice()
    user.send_photo(caption="a picture", album="7")
    user.send_document("年报.csv", b"a,b\n", "my file")
    group.say("hello all")
    user.press((await keyboard_message(api, bot)), "Yes")
    user.block()
    updates = (await bot.get_updates())[1:]
    ids = [u.update_id for u in updates]
    assert ids == sorted(set(ids))
    text, edit, reply, start, sticker, voice, photo, document, in_group, press, left = updates
    assert text.message
    assert text.message.parse_entities() == {text.message.entities[0]: "/report@some_bot"}
    assert edit.edited_message
    assert edit.edited_message.edit_date
    assert edit.edited_message.text == "/start over"
    assert reply.message
    assert reply.message.reply_to_message
    assert reply.message.reply_to_message.message_id == said.id
    assert start.message
    assert start.message.text == "/start abc_-9"
    assert sticker.message
    assert sticker.message.sticker
    assert voice.message
    assert voice.message.voice
    assert photo.message
    assert (photo.message.caption, photo.message.media_group_id) == ("a picture", "7")
    assert document.message
    assert document.message.document
    assert document.message.document.file_name == "年报.csv"
    assert in_group.effective_chat
    assert in_group.effective_chat.type == "supergroup"
    assert press.callback_query
    assert press.callback_query.data == "v1:yes"
    assert isinstance(press.callback_query.message, telegram.Message)
    assert left.my_chat_member
    assert left.my_chat_member.new_chat_member.status == "kicked"


async def keyboard_message(api: BotApi, bot: telegram.Bot) -> Any:
    await bot.send_message(1, "Sure?", reply_markup=button("Yes", "v1:yes"))
    return await api.user(1).next()


def test_a_start_payload_that_fits_no_link_is_refused() -> None:
    user = BotApi().user(1)
    for payload in ("x" * 65, "a b", "年"):
        with pytest.raises(ValueError, match="no link"):
            user.start(payload)


# Messages


async def test_a_message_is_kept_plain_raw_and_in_order(api: BotApi, bot: telegram.Bot) -> None:
    sent = await bot.send_message(1, "<b>3 &lt; 4</b> 年", parse_mode="HTML")
    assert sent.text == "3 < 4 年"
    assert sent.parse_entities() == {sent.entities[0]: "3 < 4"}
    kept = await api.user(1).next()
    assert (kept.text, kept.raw) == ("3 < 4 年", "<b>3 &lt; 4</b> 年")
    assert [m.from_bot for m in api.user(1).messages] == [False, True]


@pytest.mark.parametrize("text", ["x" * 4096, "年" * 4096, "😀" * 2048, "&lt;" * 4096])
async def test_4096_units_after_entities_are_taken(call: Calls, text: str) -> None:
    await call.fine("sendMessage", chat_id=1, text=text, parse_mode="HTML")


@pytest.mark.parametrize("text", ["x" * 4097, "😀" * 2048 + "x", "&lt;" * 4097])
async def test_4097_units_are_too_long(call: Calls, text: str) -> None:
    words = await call.refused("sendMessage", chat_id=1, text=text, parse_mode="HTML")
    assert words == "message is too long"


@pytest.mark.parametrize("text", ["", "  \n", "<b></b>"])
async def test_an_empty_text_is_refused(api: BotApi, call: Calls, text: str) -> None:
    words = await call.refused("sendMessage", chat_id=1, text=text, parse_mode="HTML")
    assert words == "message text is empty"
    assert not api.user(1).chat.log


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("年<x>", 'Unsupported start tag "x" at byte offset 3'),
        ("年 < 5", 'Unsupported start tag "" at byte offset 4'),
        ("<b>年</i>", 'Unmatched end tag at byte offset 6, expected "</b>", found "</i>"'),
        ("<b>open", 'Can\'t find end tag corresponding to start tag "b"'),
        ("</b>", "Unexpected end tag at byte offset 0"),
        ("ab<a href='x", "Unclosed start tag at byte offset 2"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
async def test_bad_html_is_refused_with_the_byte_offset(call: Calls, html: str, words: str) -> None:
    refused = await call.refused("sendMessage", chat_id=1, text=html, parse_mode="HTML")
    assert refused == f"can't parse entities: {words}"


async def test_without_a_parse_mode_tags_are_plain_words(api: BotApi, call: Calls) -> None:
    await call.fine("sendMessage", chat_id=1, text="<b>open &lt;")
    assert (await api.user(1).next()).text == "<b>open &lt;"


async def test_a_parse_mode_the_double_does_not_know_is_refused(call: Calls) -> None:
    params = {"chat_id": 1, "text": "*x*", "parse_mode": "MarkdownV2"}
    assert await call.refused("sendMessage", **params) == "unsupported parse_mode"


def test_html_gives_plain_text_and_entities_in_utf16_units() -> None:
    text, entities = parse_html(' 😀<b>a<i>b</i></b> <a href="x?a&amp;b">c</a> &#x5e74;&nope;')
    assert text == "😀ab c 年&nope;"
    assert entities == [
        {"type": "bold", "offset": 2, "length": 2},
        {"type": "italic", "offset": 3, "length": 1},
        {"type": "text_link", "offset": 5, "length": 1, "url": "x?a&b"},
    ]


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ("<strong>x</strong>", "bold"),
        ("<em>x</em>", "italic"),
        ("<u>x</u>", "underline"),
        ("<s>x</s>", "strikethrough"),
        ("<code>x</code>", "code"),
        ('<pre><code class="language-py">x</code></pre>', "pre"),
        ("<blockquote>x</blockquote>", "blockquote"),
        ("<blockquote expandable>x</blockquote>", "expandable_blockquote"),
        ("<tg-spoiler>x</tg-spoiler>", "spoiler"),
        ('<span class="tg-spoiler">x</span>', "spoiler"),
    ],
)
def test_the_tags_telegram_knows_are_parsed(html: str, kind: str) -> None:
    text, entities = parse_html(html)
    assert (text, [e["type"] for e in entities]) == ("x", [kind])


def test_a_tag_name_in_the_wrong_place_is_bad_markup() -> None:
    with pytest.raises(BadMarkup, match='start tag "b/"'):
        parse_html("<b/>")


async def test_a_chat_that_never_wrote_is_not_found(api: BotApi, call: Calls) -> None:
    api.user(2)
    for chat in (2, 3, "@someone"):
        assert await call.refused("sendMessage", chat_id=chat, text="x") == "chat not found"


async def test_a_blocked_chat_is_403_until_it_is_unblocked(api: BotApi, bot: telegram.Bot) -> None:
    api.user(1).block()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(1, "x")
    api.user(1).unblock()
    await bot.send_message(1, "x")


async def test_a_reply_to_a_missing_message_is_refused_unless_that_is_allowed(
    call: Calls,
) -> None:
    params: dict[str, Any] = {"chat_id": 1, "text": "x", "reply_parameters": {"message_id": 99}}
    assert await call.refused("sendMessage", **params) == "message to be replied not found"
    params["reply_parameters"]["allow_sending_without_reply"] = True
    await call.fine("sendMessage", **params)


# Keyboards and presses


@pytest.mark.parametrize("data", ["x" * 64, "年" * 21])
async def test_a_callback_data_of_64_bytes_is_taken(call: Calls, data: str) -> None:
    markup = keys({"text": "a", "callback_data": data})
    await call.fine("sendMessage", chat_id=1, text="x", reply_markup=markup)


@pytest.mark.parametrize("data", ["x" * 65, "年" * 22, ""])
async def test_a_callback_data_of_65_bytes_is_refused(call: Calls, data: str) -> None:
    markup = keys({"text": "a", "callback_data": data})
    words = await call.refused("sendMessage", chat_id=1, text="x", reply_markup=markup)
    assert words == "BUTTON_DATA_INVALID"


async def test_a_hundred_buttons_pass_and_one_more_does_not(call: Calls) -> None:
    rows = [[{"text": "a", "callback_data": "b"}]] * 100
    params = {"chat_id": 1, "text": "x"}
    await call.fine("sendMessage", **params, reply_markup={"inline_keyboard": rows})
    rows = [*rows, rows[0]]
    words = await call.refused("sendMessage", **params, reply_markup={"inline_keyboard": rows})
    assert words == "reply markup is too long"


async def test_a_button_without_words_or_without_a_deed_is_refused(call: Calls) -> None:
    params = {"chat_id": 1, "text": "x"}
    nameless = keys({"text": " ", "callback_data": "b"})
    idle = keys({"text": "a"})
    assert await call.refused("sendMessage", **params, reply_markup=nameless) == (
        "BUTTON_TEXT_INVALID"
    )
    assert "unallowed" in await call.refused("sendMessage", **params, reply_markup=idle)


async def test_a_press_is_answered_once(api: BotApi, bot: telegram.Bot) -> None:
    query = api.user(1).press(await keyboard_message(api, bot), "Yes")
    await bot.answer_callback_query(query.id, "taken", show_alert=True)
    assert (query.answer, query.alert) == ("taken", True)
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(query.id)


async def test_a_press_answered_too_late_or_unknown_is_refused(
    api: BotApi, bot: telegram.Bot
) -> None:
    query = api.user(1).press(await keyboard_message(api, bot), "v1:yes")
    api.expire(query)
    for id in (query.id, "123"):
        with pytest.raises(BadRequest, match="response timeout expired or query id is invalid"):
            await bot.answer_callback_query(id)
    assert all(u.callback_query is None for u in await bot.get_updates())


async def test_a_press_is_too_old_after_its_seconds(api: BotApi, bot: telegram.Bot) -> None:
    query = api.user(1).press(await keyboard_message(api, bot), "Yes")
    query.at -= api.query_seconds + 1
    with pytest.raises(BadRequest, match="too old"):
        await bot.answer_callback_query(query.id)


async def test_an_answer_to_a_press_has_at_most_200_characters(
    api: BotApi, bot: telegram.Bot, call: Calls
) -> None:
    query = api.user(1).press(await keyboard_message(api, bot), "Yes")
    too_long = {"callback_query_id": query.id, "text": "x" * 201}
    assert await call.refused("answerCallbackQuery", **too_long) == "MESSAGE_TOO_LONG"
    await call.fine("answerCallbackQuery", callback_query_id=query.id, text="x" * 200)


async def test_nobody_presses_a_button_that_is_not_there_unless_stale(
    api: BotApi, bot: telegram.Bot, call: Calls
) -> None:
    message = await keyboard_message(api, bot)
    with pytest.raises(LookupError, match="only"):
        api.user(1).press(message, "No")
    api.user(1).press(message, "v0:old", stale=True)
    await bot.delete_message(1, message.id)
    api.user(1).press(message, "v0:gone", stale=True)
    presses = [u["callback_query"] for u in await call.fine("getUpdates", offset=1001)]
    assert [p["data"] for p in presses] == ["v0:old", "v0:gone"]
    assert [p["message"]["date"] > 0 for p in presses] == [True, False]


# Edits


async def test_an_edit_shows_in_the_chat_and_the_log_keeps_what_was_sent(
    api: BotApi, bot: telegram.Bot
) -> None:
    message = await keyboard_message(api, bot)
    edited = await bot.edit_message_text("Thanks", 1, message.id)
    assert isinstance(edited, telegram.Message)
    assert (edited.text, edited.reply_markup) == ("Thanks", None)
    assert edited.edit_date
    assert (message.text, message.keyboard, message.earlier) == ("Thanks", [], ["Sure?"])
    assert [(m.text, m.buttons) for m in api.user(1).chat.log] == [("Sure?", ["Yes"])]


async def test_an_edit_that_changes_nothing_is_refused(api: BotApi, bot: telegram.Bot) -> None:
    message = await keyboard_message(api, bot)
    same = button("Yes", "v1:yes")
    for edit in (
        bot.edit_message_text(" Sure?", 1, message.id, reply_markup=same),
        bot.edit_message_reply_markup(1, message.id, reply_markup=same),
    ):
        with pytest.raises(BadRequest, match="exactly the same as a current content"):
            await edit
    await bot.edit_message_reply_markup(1, message.id, reply_markup=button("Yes", "v1:y"))


async def test_an_edit_keeps_the_rules_for_text_and_keyboard(
    api: BotApi, bot: telegram.Bot, call: Calls
) -> None:
    at: dict[str, Any] = {"chat_id": 1, "message_id": (await keyboard_message(api, bot)).id}
    assert await call.refused("editMessageText", **at, text="") == "message text is empty"
    long = {**at, "text": "x" * 4097}
    assert await call.refused("editMessageText", **long) == "message is too long"
    html = {**at, "text": "<b>", "parse_mode": "HTML"}
    assert "can't parse entities" in await call.refused("editMessageText", **html)
    markup = keys({"text": "a", "callback_data": "x" * 65})
    words = await call.refused("editMessageReplyMarkup", **at, reply_markup=markup)
    assert words == "BUTTON_DATA_INVALID"


async def test_only_the_bots_own_standing_messages_are_edited(
    api: BotApi, bot: telegram.Bot, call: Calls
) -> None:
    own = (await keyboard_message(api, bot)).id
    theirs = api.user(1).messages[0].id
    at = {"chat_id": 1, "text": "new"}
    assert await call.refused("editMessageText", **at, message_id=theirs) == (
        "message can't be edited"
    )
    await call.fine("deleteMessage", chat_id=1, message_id=own)
    assert await call.refused("editMessageText", **at, message_id=own) == (
        "message to edit not found"
    )
    assert await call.refused("deleteMessage", chat_id=1, message_id=own) == (
        "message to delete not found"
    )


# Files


async def test_a_document_arrives_with_its_name_and_bytes(api: BotApi, bot: telegram.Bot) -> None:
    sent = await bot.send_document(
        1, b"PK\x03\x04", filename="年报.docx", caption="<i>draft</i>", parse_mode="HTML"
    )
    assert sent.document
    assert (sent.document.file_name, sent.document.file_size) == ("年报.docx", 4)
    assert sent.document.mime_type
    assert sent.document.mime_type.endswith("wordprocessingml.document")
    kept = await api.user(1).next()
    assert kept.file
    assert (kept.file.name, kept.file.data, kept.text) == ("年报.docx", b"PK\x03\x04", "draft")
    again = await bot.send_document(1, sent.document.file_id)
    assert again.document == sent.document


async def test_a_users_file_is_downloaded_through_get_file(api: BotApi, bot: telegram.Bot) -> None:
    sent = api.user(1).send_document("a.csv", b"1,2\n")
    assert sent.file
    got = await bot.get_file(sent.file.file_id)
    assert bytes(await got.download_as_bytearray()) == b"1,2\n"


async def test_a_download_is_at_most_20_mb(api: BotApi, call: Calls) -> None:
    big, fits = (api.store("a.bin", bytes(20 * 2**20 + more)) for more in (1, 0))
    assert await call.refused("getFile", file_id=big.file_id) == "file is too big"
    await call.fine("getFile", file_id=fits.file_id)
    assert "wrong file_id" in await call.refused("getFile", file_id="nonsense")


async def upload(call: Calls, method: str, field: str, size: int, caption: str = "") -> Answer:
    form = aiohttp.FormData({"chat_id": "1", "caption": caption})
    form.add_field(
        field, BytesIO(bytes(size)), filename="a.bin", content_type="application/octet-stream"
    )
    url = f"{call.api.root}/bot{call.api.token}/{method}"
    async with call.session.post(url, data=form) as response:
        return response.status, await response.json()


async def test_uploads_stop_at_50_mb_and_photos_at_10_mb(call: Calls) -> None:
    mega = 2**20
    assert (await upload(call, "sendDocument", "document", 50 * mega))[0] == 200
    assert (await upload(call, "sendDocument", "document", 50 * mega + 1))[0] == 413
    assert (await upload(call, "sendPhoto", "photo", 10 * mega))[0] == 200
    _, answer = await upload(call, "sendPhoto", "photo", 10 * mega + 1)
    assert "10485761 bytes is too big for a photo" in answer["description"]


async def test_a_caption_has_at_most_1024_characters_and_a_file_some_bytes(call: Calls) -> None:
    assert (await upload(call, "sendDocument", "document", 1, "x" * 1024))[0] == 200
    _, long = await upload(call, "sendDocument", "document", 1, "x" * 1025)
    assert long["description"] == "Bad Request: message caption is too long"
    _, empty = await upload(call, "sendDocument", "document", 0)
    assert empty["description"] == "Bad Request: file must be non-empty"
    words = await call.refused("sendDocument", chat_id=1)
    assert words == "there is no document in the request"


async def test_an_album_has_two_to_ten_files(api: BotApi, bot: telegram.Bot) -> None:
    files = [InputMediaDocument(b"x", filename=f"{n}.txt") for n in range(11)]
    sent = await bot.send_media_group(1, files[:2], caption="both")
    assert len({m.media_group_id for m in sent}) == 1
    names = [m.file.name for m in api.user(1).messages if m.from_bot and m.file]
    assert names == ["0.txt", "1.txt"]
    for count in (1, 11):
        with pytest.raises(BadRequest, match="to send as an album"):
            await bot.send_media_group(1, files[:count])


# Commands and the rest


async def test_commands_are_kept_by_scope_and_checked(bot: telegram.Bot, call: Calls) -> None:
    await bot.set_my_commands([("start", "begin")])
    assert (await bot.get_my_commands())[0].command == "start"
    assert not await bot.get_my_commands(language_code="zh")
    await bot.delete_my_commands()
    assert not await bot.get_my_commands()
    for name in ("Start", "", "x" * 33, "年报"):
        one = [{"command": name, "description": "x"}]
        assert await call.refused("setMyCommands", commands=one) == "BOT_COMMAND_INVALID"
    for words in ("", "x" * 257):
        one = [{"command": "a", "description": words}]
        assert "DESCRIPTION" in await call.refused("setMyCommands", commands=one)
    many = [{"command": "a", "description": "b"}] * 101
    assert await call.refused("setMyCommands", commands=many) == "BOT_COMMANDS_TOO_MUCH"


async def test_the_bot_is_itself_and_types(bot: telegram.Bot, call: Calls) -> None:
    assert (await bot.get_me()).is_bot
    assert await bot.send_chat_action(1, "typing")
    assert "wrong parameter action" in await call.refused(
        "sendChatAction", chat_id=1, action="dancing"
    )


async def test_a_wrong_token_and_an_unknown_method_are_refused(call: Calls) -> None:
    assert await call("getMe", token="1:no") == (
        401,
        {"ok": False, "error_code": 401, "description": "Unauthorized"},
    )
    assert await call("sendHologram") == (
        404,
        {"ok": False, "error_code": 404, "description": "Not Found: method not found"},
    )


async def test_parameters_come_as_json_form_multipart_or_query(api: BotApi, call: Calls) -> None:
    url = f"{api.root}/bot{api.token}/SendMessage"
    markup = json.dumps(keys({"text": "好", "callback_data": "y"}))
    params = {"chat_id": "1", "text": "年 & 报", "reply_markup": markup}
    form = aiohttp.FormData(params, default_to_multipart=True)
    ways: list[dict[str, Any]] = [{"json": params}, {"data": params}]
    for how in [*ways, {"data": form}, {"params": params}]:
        async with call.session.post(url, **how) as response:
            assert response.status == 200
        message = await api.user(1).next()
        assert (message.text, message.buttons) == ("年 & 报", ["好"])


# Limits


def test_thirty_messages_a_second_pass_and_the_next_waits() -> None:
    limiter = Limiter(Rates())
    assert [limiter.take(chat, 0.0) for chat in range(1, 32)] == [0] * 30 + [1]
    assert limiter.take(99, 0.9) == 1
    assert limiter.take(99, 1.0) == 0


def test_a_chat_takes_a_short_burst_and_then_one_a_second() -> None:
    limiter = Limiter(Rates(chat_burst=3))
    assert [limiter.take(1, 0.0) for _ in range(4)] == [0, 0, 0, 1]
    assert limiter.take(2, 0.0) == 0
    assert limiter.take(1, 1.0) == 0
    assert limiter.take(1, 1.5) == 1


def test_a_group_takes_twenty_a_minute() -> None:
    limiter = Limiter(Rates())
    assert [limiter.take(-5, 2.0 * n) for n in range(20)] == [0] * 20
    assert limiter.take(-5, 40.0) == 20
    assert limiter.take(-5, 60.0) == 0


def test_a_wait_of_a_second_is_never_told_as_two() -> None:
    limiter, now = Limiter(Rates(chat_burst=1)), 0.3
    limiter.take(7, now)
    for _ in range(100):
        assert limiter.take(7, now) == 1
        now += 1
        assert limiter.take(7, now) == 0


def test_whoever_waits_as_told_gets_through() -> None:
    limiter, now = Limiter(Rates(chat_burst=2)), 0.3
    for _ in range(100):
        if wait := limiter.take(-7, now):
            now += wait
            assert limiter.take(-7, now) == 0


@RETRY_AS_NUMBER
async def test_too_many_messages_get_429_with_the_seconds_to_wait(api: BotApi) -> None:
    api.set_limits(Rates(chat_burst=1, chat_per_second=0.4))
    async with ptb(api) as bot:
        await bot.send_message(1, "first")
        with pytest.raises(RetryAfter, match="Retry in 3 seconds"):
            await bot.send_message(1, "second")
    assert [m.text for m in api.user(1).chat.log] == ["first"]


async def test_a_refused_message_does_not_count_against_the_limit(api: BotApi, call: Calls) -> None:
    api.set_limits(Rates(chat_burst=1))
    await call.refused("sendMessage", chat_id=1, text="")
    await call.refused("sendMessage", chat_id=1, text="x", reply_markup=keys({"text": "idle"}))
    await call.fine("sendMessage", chat_id=1, text="x")
    status, answer = await call("sendMessage", chat_id=1, text="x")
    assert (status, answer["parameters"]) == (429, {"retry_after": 1})
    assert answer["description"] == "Too Many Requests: retry after 1"


# Faults


@RETRY_AS_NUMBER
async def test_the_next_calls_of_a_method_fail_as_told(api: BotApi, bot: telegram.Bot) -> None:
    api.faults.fail("sendMessage", 502)
    api.faults.fail("sendMessage", 429, retry_after=7)
    api.faults.fail("sendMessage", 403)
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(1, "x")
    with pytest.raises(RetryAfter, match="Retry in 7 seconds"):
        await bot.send_message(1, "x")
    await bot.get_me()
    with pytest.raises(Forbidden):
        await bot.send_message(1, "x")
    assert not api.user(1).chat.log
    await bot.send_message(1, "x")


async def test_an_error_page_is_html(api: BotApi, call: Calls) -> None:
    api.faults.fail("*", 500, times=2)
    for _ in range(2):
        async with call.session.get(f"{api.root}/bot{api.token}/getMe") as response:
            assert (response.status, response.content_type) == (500, "text/html")
            assert "Internal Server Error" in await response.text()
    await call.fine("getMe")


async def test_a_cut_before_loses_the_message_and_a_cut_after_keeps_it(
    api: BotApi, bot: telegram.Bot
) -> None:
    api.faults.cut_before("sendMessage")
    with pytest.raises(NetworkError):
        await bot.send_message(1, "never taken")
    assert not api.user(1).chat.log
    api.faults.cut_after("sendMessage")
    with pytest.raises(NetworkError):
        await bot.send_message(1, "taken")
    assert [m.text for m in api.user(1).chat.log] == ["taken"]


async def test_a_delay_is_on_every_call(api: BotApi, call: Calls) -> None:
    api.faults.delay = 0.1
    before = time.monotonic()
    await call.fine("getMe")
    await call.fine("getUpdates")
    assert 0.2 <= time.monotonic() - before < 0.4


# The test's side


async def test_a_test_waits_for_words_sent_or_edited_later(api: BotApi, bot: telegram.Bot) -> None:
    waiting = asyncio.create_task(api.user(1).wait_for(lambda m: m.text == "done"))
    sent = await bot.send_message(1, "working")
    await bot.edit_message_text("done", 1, sent.message_id)
    assert (await waiting).id == sent.message_id
    assert (await api.user(1).wait_for(lambda m: "done" in m.text)).id == sent.message_id
    with pytest.raises(TimeoutError, match="user 1: hello"):
        await api.user(1).wait_for(lambda m: m.text == "never", timeout=0.05)


async def test_every_call_is_written_down(api: BotApi, bot: telegram.Bot) -> None:
    await bot.send_message(1, "x")
    at, method, params = api.calls[-1]
    assert (method, params["text"]) == ("sendMessage", "x")
    assert abs(time.monotonic() - at) < 5
    assert api.counts["sendMessage"] == 1


async def test_a_script_drives_the_double_over_http(api: BotApi, call: Calls) -> None:
    async def control(name: str, /, **body: Any) -> Any:
        async with call.session.post(f"{api.root}/control/{name}", json=body) as response:
            answer = await response.json()
            return answer.get("result", answer)

    said = await control("say", user=8, text="hi")
    await control("edit", user=8, message=said["message_id"], text="hello")
    later = asyncio.create_task(control("chat", user=8, since=0, wait=5))
    await asyncio.sleep(0.02)
    markup = keys({"text": "Go", "callback_data": "go"})
    await call.fine("sendMessage", chat_id=8, text="Ready?", reply_markup=markup)
    chat = await later
    assert chat["version"] == 1
    assert [m["text"] for m in chat["messages"]] == ["hello", "Ready?"]
    pressed = await control("press", user=8, button="Go")
    await control("document", user=8, name="a.txt", base64="eA==")
    await control("redeliver", update_id=said["update_id"])
    kinds = [next(k for k in u if k != "update_id") for u in await call.fine("getUpdates")]
    assert kinds == ["message", "message", "edited_message", "callback_query", "message"]
    assert api.queries[pressed["callback_query_id"]].data == "go"
    assert "no button" in (await control("press", user=8, button="Stop"))["description"]
    await control("faults", fail=[{"method": "getMe", "status": 502}], block=[8], limits=True)
    assert (await control("calls"))["getUpdates"] == 1
    assert api.limiter
    async with call.session.get(f"{api.root}/bot{api.token}/getMe") as response:
        assert response.status == 502
    status, _ = await call("sendMessage", chat_id=8, text="x")
    assert status == 403


async def test_the_double_runs_as_a_process_of_its_own_until_a_signal() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.botapi.double", "--no-limits", "--delay-ms", "1"),
        cwd=Path(__file__).parents[1],
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout
        root, token = (await process.stdout.readline()).decode().split()
        async with telegram.Bot(token, base_url=f"{root}/bot") as bot:
            assert (await bot.get_me()).username == "nianbao_double_bot"
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 5) == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_polling_twice_in_one_breath_leaves_one_poller() -> None:
    updates = Updates()
    polls = [asyncio.create_task(updates.fetch(100, 5)) for _ in range(3)]
    await asyncio.sleep(0)
    updates.put("message", {})
    ends = await asyncio.gather(*polls, return_exceptions=True)
    assert [type(end) for end in ends] == [Refused, Refused, str]
