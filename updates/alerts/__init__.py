"""Web Push: tells the push services of browsers about updates that an editor has marked for an alert.

Off unless ``VAPID_PRIVATE_KEY`` is set; ``manage.py vapid_keys`` makes one.
"""
