"""What the policy makes of findings: groups, cases, verdicts. May open: nothing; values in, values out."""
