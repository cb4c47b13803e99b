"""Recipients that ask a host of ours to send the mail on elsewhere, in every form that some host understands."""

MARKS = ("%", "!", "@")


def forms(domain: str, target: str = "victim", host: str = "elsewhere.example") -> list[str]:
    """At least forty addresses at `domain` that lead on to `target` at `host`."""
    plain = [
        f"{target}%{host}", f"{host}!{target}", f"a%{target}%{host}", f"{target}%{host}%", f"%{target}%{host}",
        f"{host}!a!{target}", f"!{host}!{target}", f"{host}!{target}!", f"{target}%{host}%{domain}",
        f"{domain}!{host}!{target}", f"{host}!{target}%{domain}", f"{target}%[127.0.0.1]", f"x+{target}%{host}",
        f"{target}%{host}+x", f"{target}.%{host}", f"{target}%{host.upper()}",
    ]  # fmt: skip
    unquotable = {f"{target}%[127.0.0.1]"}
    quoted = [f'"{p}"' for p in plain] + [
        f'"{target}@{host}"', f'"{target}\\@{host}"', f'"@{host}:{target}"', f'"<{target}@{host}>"',
        f'" {target}@{host}"'.replace(" ", "x,"), f'"{target}@{host},x"', f'"{target}\\%{host}"',
        f'"{host}\\!{target}"', f'"{target}@{host}@{domain}"',
    ]  # fmt: skip
    return [f"{local}@{domain}" for local in [*(p for p in plain if p not in unquotable), *quoted]]
