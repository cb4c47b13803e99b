"""The web application for senders, approvers, administrators and auditors."""
