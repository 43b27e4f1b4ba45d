"""What went wrong, in words for people."""

from __future__ import annotations

import errno
import logging

import click

from bot.command.usage import usage_in_words

_REASONS = {
    errno.ENOENT: "没有这个文件或目录",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOSPC: "磁盘满了",
    errno.EROFS: "磁盘是只读的",
    errno.EISDIR: "这是目录，不是文件",
    errno.ENOTDIR: "路径中间有一段不是目录",
    errno.EEXIST: "已经有同名的文件",
    errno.ENAMETOOLONG: "名称太长",
    errno.EIO: "磁盘读写出错",
}


def reason(error: OSError) -> str:
    """Why the system refused, without a full stop; a rare fault has its number only."""
    return _REASONS.get(error.errno or 0) or f"系统错误 {error.errno or type(error).__name__}"


def fault_in_words(error: Exception) -> str:
    """The sentence for whatever stopped a command."""
    if isinstance(error, click.ClickException):
        return usage_in_words(error)
    from bot.local import CatalogueError
    from bot.readers.reading import Unreadable
    from bot.store import Busy, StoreError
    from bot.writers.proof import DocumentError

    if isinstance(error, StoreError | CatalogueError | Unreadable | DocumentError):
        return str(error)
    if isinstance(error, Busy):
        return "数据库正忙或者写不进（磁盘满、没有权限），请稍后再试。"
    logging.getLogger(__name__).debug("failed", exc_info=error)
    return f"程序出了意外（{type(error).__name__}），已经停下；存过的答案都在。"
