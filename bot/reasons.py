"""Why the system refused something, in words for people.

Pure, but for the names of the system's faults.
"""

from __future__ import annotations

import errno

_REASONS = {
    errno.ENOENT: "没有这个文件或目录",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOSPC: "磁盘满了",
    errno.EDQUOT: "磁盘配额用完了",
    errno.EROFS: "磁盘是只读的",
    errno.EISDIR: "这是目录，不是文件",
    errno.ENOTDIR: "路径中间有一段不是目录",
    errno.EEXIST: "已经有同名的文件",
    errno.ENAMETOOLONG: "名称太长",
    errno.EIO: "磁盘读写出错",
    errno.ECONNREFUSED: "对方拒绝连接",
    errno.ECONNRESET: "连接被断开",
    errno.EPIPE: "连接被断开",
    errno.ENETUNREACH: "网络不通",
    errno.EHOSTUNREACH: "网络不通",
    errno.ETIMEDOUT: "没有应答",
}


def reason(error: OSError) -> str:
    """Why the system refused, without a full stop; a rare fault has its number only."""
    return _REASONS.get(error.errno or 0) or f"系统错误 {error.errno or type(error).__name__}"
