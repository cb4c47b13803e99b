"""What we were told: settings (where and how) and policy (what should happen).
May open: the files of settings, policy and people.
"""
