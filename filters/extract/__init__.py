"""Text and structure out of documents, one file per family."""
