"""Every cap of the program, named, with its reason.

A cap stands here and nowhere else, so that what is cut, skipped or bounded can be read on one screen.
"""

from __future__ import annotations

LINE_BYTES = 64 * 1024 * 1024
"""Longest record that is decoded. Records carry images and whole files; one over 64 MiB is a fault of
its own, and decoding it could need several times its size in memory."""

READ_CHUNK_BYTES = 128 * 1024
"""Bytes taken from a file at once: larger ones cost page faults, smaller ones calls."""

JSON_FILE_BYTES = 8 * 1024 * 1024
"""Largest whole-file JSON source (task lists, agent descriptions, wrangler contexts)."""

PROMPT_CHARS = (1_500, 500)
"""Head and tail kept of a prompt."""

ANSWER_CHARS = (1_000, 1_000)
"""Head and tail kept of the model's text: announcements stand first, conclusions last."""

INPUT_CHARS = 4_000
"""A call's input is kept whole up to here; above it, its long strings are cut."""

INPUT_STRING_CHARS = (700, 300)
"""Head and tail kept of one long string inside a large call input."""

INPUT_ITEMS = 100
"""Entries kept of a list or an object inside a large call input."""

RESULT_CHARS = (400, 1_200)
"""Head and tail kept of a call's result; test runners print their verdict last."""

SKILL_BODY_CHARS = 400_000
"""Longest skill body that is kept as text; its hash always covers the whole."""

REDACTION_MARGIN_CHARS = 200
"""Text beyond a cut that redaction still sees: what a secret is assigned to stands before it."""

LONGEST_SECRET_CHARS = 8_192
"""How far beyond a cut the end of a word without spaces is looked for; tokens are words."""

LABEL_CHARS = 200
"""Longest name (model, tool, skill, agent type) taken over from a record."""

LATEST_INSTANT_MS = 253_402_300_799_999
"""The last instant that `datetime` can show (year 9999)."""

FAULTS_KEPT_PER_SOURCE = 200
"""Located faults kept for one file; further ones are only counted."""

INPUT_DEPTH = 12
"""Nesting kept of a large call input."""

PATH_CHARS = 1_000
"""Longest path taken over from a record."""

TOKENS = 10**12
"""A usage number at or above this is damage: no context window is a billionth of it."""

ENTRIES_PER_TRANSACTION = 20_000
"""Facts written at once: few commits, and some 30 MiB in memory."""

SESSIONS_PER_TRANSACTION = 50
"""Sessions derived in one transaction: other processes wait for the lock at most about a second."""

KINDS_PER_SOURCE = 200
"""Kinds of record counted apart for one file; clients have some eighty."""

KEYS_PER_RULE = 1_000
"""Files, tasks or agents that one rule is judged apart for; a session touches some hundred files."""

KEYS_EVICTED_AT_ONCE = 125
"""Keys forgotten together when there are too many, so that looking for settled ones is rare."""

RULE_STEPS_EXPLORED = 5_000
"""Steps of a rule's automaton looked through for what can still come of a state; real rules need some 400."""

RULE_MOVES_KEPT = 20_000
"""Moves of one automaton that are remembered; beyond it they are computed again."""

ACTIVITY_NAMES_KEPT = 4_096
"""Activity names whose rules are remembered; tool names of foreign servers are the open end."""

GLOB_ANSWERS_KEPT = 1_024
"""Paths, branches and folders for which a glob's answer is kept; a session names the same ones again."""

OWED_KEPT = 20
"""Open obligations of one rule that are told one by one; further ones are only counted."""

SKILL_FILE_BYTES = 1024 * 1024
"""Largest skill or workflow file that is read; the longest published skills have some 60 KiB."""

SKILL_READ_CHARS = 200_000
"""Beginning of a skill that steps are looked for in, three times the longest published one: Markdown takes
microseconds a character."""

SKILL_READ_LINES = 5_000
"""Lines of that beginning: a list item on each costs some 100 µs; the longest published skills have 2,000."""

SKILL_COMMENTS = 2_000
"""Comments taken from a skill; an annotated one has a few for each step."""

STEP_TEXT_CHARS = 2_500
"""Beginning of a step's text that evidence is looked for in: nine of ten steps are shorter, and what stands
further down speaks of exceptions and examples."""

DERIVED_STEPS = 40
"""Steps derived from one skill; a text that numbers more is no workflow. Its order is not claimed then."""

DIGRAPH_CHARS = 100_000
"""Beginning of one digraph that is read; the longest in a published skill has 6,000 characters."""

DIGRAPH_NODES = 200
"""Nodes of one digraph: drawn ones have some 25. The order of a larger one is not claimed."""

DIGRAPH_EDGES = 1_000
"""Different edges of one digraph: reachability takes time in proportion to nodes times edges."""

DIGRAPHS = 10
"""Digraphs of one skill that are read; published skills have up to three."""

WORKFLOW_CHARS = 1024 * 1024
"""Largest workflow file that is read; the longest sensible one has some 30,000 characters."""

WORKFLOW_DEPTH = 20
"""Nesting of a workflow file and of an order expression; the format itself needs five levels."""

WORKFLOW_NODES = 20_000
"""Values of a workflow file that are built: 200 steps and 200 rules with all their parts, ten times over."""

WORKFLOW_ITEMS = 200
"""Steps, and rules, of one workflow: nobody can follow more, and checks compare them in pairs."""

WORKFLOW_MISTAKES = 100
"""Mistakes told of one file: the rest shows after these are mended, and suggestions take time to find."""

ORDER_MENTIONS = 400
"""Steps mentioned in one order expression; its graph may grow with the square."""

WORKFLOW_TEXT_CHARS = 1_000
"""Longest rule, title, mark or reason of a workflow; an order may have ten times as many."""

PATTERN_ALTERNATIVES = 20
"""Alternatives of one activity pattern, and patterns of one step: each is tried at every event."""

PATTERN_COMPARISONS = 200_000
"""Alternatives compared in looking for rules that contradict each other: 200 rules with two each."""

GLOB_CHARS = 200
"""Longest glob of a pattern: matching takes time in proportion to it."""

GLOB_SPREAD = 32
"""Globs that the braces of one may stand for."""

VIOLATIONS_KEPT = 10_000
"""Violations of one run that are told one by one; more of them say nothing new."""

SHELL_CHARS = 65_536
"""Beginning of a shell command that is parsed. What follows is nearly always text written to a file."""

SHELL_PARTS = 300
"""Simple commands taken from one shell command; a text with more is a program, not a command."""

SHELL_DEPTH = 8
"""Shells within shells (`$(…)`, `sh -c`) that are looked into; each is a few frames of recursion."""

OUTCOME_CHARS = 200_000
"""Text of a result in which closing lines are looked for, from its end: runners close last."""

OUTCOME_LINE_CHARS = 600
"""Characters looked at of one line of a result; closing lines are short."""

COUNT_DIGITS = 9
"""Digits taken of a number of tests."""

FAILING_KEPT = 20
"""Names kept of failing tests: enough to see that the same ones fail again."""

TITLE_LINES = 8
"""Lines that the title of one failing test may take: the suites around it."""

VOCABULARY_RULES = 2_000
"""Rules of one vocabulary file; the shipped one has some 600, and every one is looked at at each start."""

VOCABULARY_CACHE = 1_000
"""Shell commands and paths whose meaning is remembered: a session repeats a few hundred."""

PATHS_PER_COMMAND = 20
"""Files of one shell command that are told apart; `rm` and `cat` may be given thousands."""

HOOK_LOG_FIRST_LINES = 50
"""Lines looked at to tell what a file is: logs and transcripts show it in the first whole one."""

HOOK_LOG_SPLICED_BYTES = 4 * 1024 * 1024
"""Longest damaged line of a hook log in which whole objects are looked for."""

HOOK_LOG_SPLICES = 20
"""Places of a damaged line at which an object is looked for: each try reads up to the rest of the line."""

HOOK_LOG_SESSIONS = 1_000
"""Sessions told apart in one hook log: each is watched apart, and one log is of one project's few."""

BACKTEST_CASES = 10_000
"""Interventions kept of one session; a thousand of them say no more than a hundred."""

BACKTEST_CLEANED_CHARS = 100_000
"""Head, and tail, of a text in which secrets are looked for before it is shown."""

BACKTEST_SHOWN_CHARS = (600, 300)
"""Head and tail shown of a call's input and result around a case."""

GUARD_RESULT_CHARS = 3_000
"""Characters of a result that the guard reads word by word (half head, half tail): some 100 microseconds."""

GUARD_INPUT_CHARS = 4_000
"""Longest string of a call's input that enters its key as text; a longer one enters as a digest."""

GUARD_COMMAND_CHARS = 4_000
"""Longest shell command that the guard takes apart."""

GUARD_DEPTH = 12
"""Nesting of a payload that the guard follows."""

GUARD_ITEMS = 200
"""Entries of a list or an object in a payload that the guard looks at."""

GUARD_RING = 64
"""Calls that the guard remembers for one agent: ten laps of the longest cycle that it looks for."""

GUARD_AGENTS = 24
"""Agents that the guard remembers at once; the one that was silent longest goes first."""

GUARD_KEYS = 256
"""Keys, targets or signatures kept of one kind for one agent."""

GUARD_CONTENTS = 16
"""Contents remembered of one edited file."""

GUARD_WAITING = 64
"""Calls of one agent that may wait for their result."""

GUARD_BREAKERS = 32
"""Families of calls that may be held at once."""

GUARD_TEXT_CHARS = 8_000
"""Tail of a message in which repetition is looked for."""

GUARD_ANSWER_CHARS = 1_000
"""Longest text that the guard gives to a model or a person."""

GUARD_LABEL_CHARS = 60
"""Longest name of a call in an answer."""

GUARD_RULE_CHARS = 240
"""Longest text of a rule or of its repair in an answer."""

GUARD_RUNS = 8
"""Runs whose rules are watched at once in a session; the oldest ends first."""

GUARD_PARTS_SPOOLED = 8
"""Calls of one batch that are kept in a spooled line: more would not fit into 2 KiB."""

GUARD_STATE_BYTES = 4 * 1024 * 1024
"""Largest state of a session that a hook reads; a full one has some 200 KiB."""

GUARD_SPOOL_LINE_BYTES = 2_048
"""Longest line of the spool: a write of that size is not torn by a kill."""

GUARD_SPOOL_BYTES = 32 * 1024 * 1024
"""Most that is spooled for one session: some 40,000 events."""

GUARD_LOG_BYTES = 64 * 1024 * 1024
"""Largest log of interventions or faults; beyond it nothing is added until a person clears it away."""

GUARD_STATE_SECONDS = 30 * 86_400.0
"""Sessions silent for so long are forgotten, as the host forgets their transcripts."""

GUARD_OPEN = 16
"""Interventions of which the next deed of the model is still waited for."""

GUARD_FAULTS = 3
"""After so many faults of the hook in a row a session is only observed."""

GUARD_SETTINGS_BYTES = 256 * 1024
"""Largest settings file that a hook reads."""

GUARD_RULES_BYTES = 1024 * 1024
"""Largest file of compiled rules or words that a hook reads; the shipped vocabulary has some 60 KiB."""

GUARD_FILE_BYTES = 4 * 1024 * 1024
"""Largest settings or state file of the guard; a session's state at all its caps has about a quarter."""

GUARD_LOG_READ_BYTES = 16 * 1024 * 1024
"""End of the guard's log that is read: some forty thousand interventions."""

GUARD_SESSION_FILES = 200
"""Newest sessions that the guard's screens show."""

ARMED_PLUGINS = 500
"""Plugins whose workflows are compiled unasked, and folders of skills of one; people have some tens."""

ARMED_SKILLS = 1_000
"""Skills of one folder whose workflows are compiled unasked."""

ARMED_BYTES = 1024 * 1024
"""Workflow files of others that are compiled unasked, all together: some 500 sensible ones; eleven seconds of
work where they were made to take long."""

SETUP_SECONDS = 180.0
"""Longest time in which the plugin's environment is made; 26 s were seen with pip."""

SETUP_RETRY_SECONDS = 600.0
"""After a failure, nobody's session tries again in the background before this time has passed."""

SETUP_LOG_BYTES = 256 * 1024
"""Largest log of making the environment; a full one has some 10 KiB."""

SETUP_LINE_CHARS = 2_000
"""Longest line of that log."""

SETUP_REASON_CHARS = 300
"""Longest reason that is kept of a failure: one line."""

DOCTOR_SECONDS = 28.0
"""Time that the checks of the installation take at most, all together."""

DOCTOR_HOOKS_SECONDS = 12.0
"""Of that for running the hooks; a hook that hangs takes its own time limit of it."""

DOCTOR_HANDLERS = 64
"""Handlers of a hooks file that are looked at; ours has fourteen."""

DOCTOR_OUTPUT_BYTES = 256 * 1024
"""Output of one program that the doctor takes in; a list of tools has some 10 KiB."""

DOCTOR_FILE_BYTES = 4 * 1024 * 1024
"""Largest file of settings or manifest that the doctor reads."""

DOCTOR_TEXT_CHARS = 400
"""Longest text of one finding."""

MCP_ANSWER_CHARS = 6_000
"""Longest answer of a tool of the server: some 2,000 tokens."""

MCP_WAIT_SECONDS = 20.0
"""How long a tool waits while the records are read for the first time; then it says so."""

MCP_SPOOL_BYTES = 256 * 1024
"""End of a session's spool in which the call of a tool is looked for."""

MCP_SPOOLS = 24
"""Newest sessions in whose spools it is looked for."""

LINT_FILE_BYTES = 1024 * 1024
"""Largest file of a library that lint reads; the longest published reference pages have some 100 KiB."""

LINT_FILES = 20_000
"""Files of a library that lint looks at: beyond them it says that it looked no further."""

LINT_READ_BYTES = 64 * 1024 * 1024
"""Bytes of a library that lint reads in all; the largest library known has 6 MB of text."""

LINT_JSON_CHARS = 256 * 1024
"""Largest JSON file that is looked into for names and paths."""

LINT_GIT_SECONDS = 5.0
"""How long git is waited for when names of the past are asked for; they are left out then."""

LINT_GIT_PATHS = 20_000
"""Paths of the past that are kept, the newest."""

LINT_NAMED = 6
"""Things named in one finding; further ones are counted."""

LINT_LINKS = 16
"""Links of one cause named in one finding."""

VALIDATE_SECONDS = 30.0
"""How long `claude plugin validate` may take; it needs about one second."""

VALIDATE_FINDINGS = 500
"""Findings taken over from it."""

LINT_SHARED_OUT_CHARS = 150_000
"""Text from which a second process pays: starting one costs some 10 ms, 150,000 characters about 100 ms."""
