"""What may still be shown of words that come back after a while: photos may have had their time."""

from dataclasses import replace

from django.utils import timezone

from updates.models import Image

from .content import EmbedContent, EntryContent, PhotoContent


def without_expired(content: EntryContent) -> EntryContent:
    """The same content, if nothing in it has had its time."""
    cited = Image.objects.filter(pk__in=content.image_ids(), expires_at__lte=timezone.now())
    over = set(cited.values_list("pk", flat=True))
    if not over:
        return content
    left = [block for block in content.blocks if not (isinstance(block, PhotoContent) and block.image_id in over)]
    bare = (
        replace(block, poster_id=None) if isinstance(block, EmbedContent) and block.poster_id in over else block
        for block in left
    )
    return replace(content, blocks=tuple(bare))
