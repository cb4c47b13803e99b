"""What went wrong with a command, in words: paths that are not there, closed, or not what they should be."""


def first(several: BaseExceptionGroup) -> BaseException:
    """Of several errors at once, the first."""
    error: BaseException = several
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def said(error: OSError | UnicodeDecodeError) -> str:
    """The path, and what the system says of it."""
    if isinstance(error, UnicodeDecodeError):
        return f"a file is not text in UTF-8 ({error.reason} at octet {error.start})"
    why = error.strerror or str(error) or "the system gives no reason"
    return f"{error.filename}: {why}" if error.filename else why


def version() -> str:
    """That of the package, where it is installed."""
    from importlib import metadata

    try:
        return metadata.version("sekisho")
    except metadata.PackageNotFoundError:
        return "(run from its sources)"
