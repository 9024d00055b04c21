"""Compares the posts that servers have acknowledged with the database, one to one. Imports nothing of the product."""

from .database import DatabaseState
from .records import Outage, Post, Verdict
from .staleness import overlap

LATE = 5.0
"""Seconds, outages excluded, by which a scheduled post may be late on a busy machine."""

EARLY = 0.05
"""Seconds by which two clocks may differ that are the same one."""


def check_posts(verdict: Verdict, database: DatabaseState, posts: list[Post], outages: list[Outage]) -> None:
    """Report posts that are lost or there twice, and scheduled ones that were not published at their time."""
    missing = [post for post in posts if database.keys.get(post.key) != post.public_id]
    verdict.lost += len(missing)
    verdict.problems += [_missing(post) for post in missing]
    surplus = set(database.entries) - {"event"} - {post.public_id for post in posts}
    verdict.doubled += len(surplus)
    verdict.problems += [
        f"{key} is in the database, but nobody posted it, or under another id" for key in sorted(surplus)
    ]
    published = {row.state.id: row.at for row in database.log.values() if row.state.kind == "publish"}
    for post in posts:
        if post.due and post.public_id in published:
            _check_time(verdict, post, published[post.public_id], outages)


def _missing(post: Post) -> str:
    if post.due:
        return f"scheduled, but not published: {post.key}. Does the scheduler run?"
    return f"acknowledged, but not in the database: {post.key}"


def _check_time(verdict: Verdict, post: Post, at: float, outages: list[Outage]) -> None:
    if at < post.due - EARLY:
        verdict.problems.append(f"{post.public_id} was published {post.due - at:.1f} s before its time")
    late = at - post.due - overlap(post.due, at, outages)
    if late > LATE:
        verdict.problems.append(f"{post.public_id} was published {late:.1f} s after its time")
