"""Webhooks: messages to other programs about what readers see, as docs/webhooks.md describes them."""
