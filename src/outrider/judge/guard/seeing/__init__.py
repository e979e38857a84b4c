"""From a payload to a small observation: keys of calls, bare outcomes, identities of errors, prompts."""
