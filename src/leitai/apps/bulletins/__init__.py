"""Bulletins: a published table as a document that can be sent round."""
