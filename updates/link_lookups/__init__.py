"""Fetches titles and pictures of links for the desk, from strangers' servers, outside of every request."""
