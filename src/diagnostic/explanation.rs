//! What each code means and how to mend it; `ringback explain` prints this.

use super::Code;
use std::fmt;

/// What a code means, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explanation {
    /// The code as it is printed.
    pub code: &'static str,
    /// Half a line.
    pub title: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// How to mend it.
    pub fix: &'static str,
}

impl Code {
    /// What it means, and how to mend it.
    pub fn explanation(self) -> Explanation {
        let (code, title, meaning, fix) = match self {
            Code::NotYaml => (
                "RB-101",
                "the text is not YAML",
                "A scenario is a YAML file (JSON is YAML too), and this one cannot be read as such: a quote or a bracket \
                 is never closed, a line is indented by a tab or matches no line above, a `:` or a `-` lacks its space. \
                 Nothing after this point was looked at.",
                "Mend the marked line. Indent by spaces; put a space after `:` and `-`; put a value into quotes if it \
                 holds `: ` or ` #`, or starts with one of `* & ! % @ ` { [ \" '`.",
            ),
            Code::UnknownKey => (
                "RB-102",
                "a key means nothing where it stands",
                "Each block of a scenario knows a closed list of keys. One that is not on it would have no effect, so it \
                 is refused rather than ignored.",
                "Take the spelling that is proposed, or move the key to the block where it belongs. `ringback show \
                 transfer` prints a scenario to compare with.",
            ),
            Code::MissingKey => (
                "RB-103",
                "a key that must be there is not",
                "Most of a scenario may be left out and is then generated from the seed. This key is one of the few \
                 that say what is meant: a title, the kind of a call, a script.",
                "Add the key with its value, as the help shows.",
            ),
            Code::WrongKind => (
                "RB-104",
                "a value is of the wrong kind",
                "A list stands where a text is expected, a text where keys are expected, and so on. Indentation decides \
                 this: a line that is indented further belongs to the line above it.",
                "Write the value as the help shows.",
            ),
            Code::UnknownName => (
                "RB-105",
                "a name that nothing has",
                "A step names an agent, an outside party, a queue or a task that is not declared under `call` (or \
                 `shift`); or a vendor, a push or a field is named that does not exist. `customer` is always there; \
                 `agent` is there where no agents are declared.",
                "Take the spelling that is proposed, or declare the name: `agents: { ann: }`. `ringback list pushes` \
                 lists vendors and their pushes.",
            ),
            Code::ImpossibleStep => (
                "RB-106",
                "a step cannot happen",
                "The script is played before anything is sent, and at this step the call is not in a state in which \
                 the step could happen: somebody answers who does not ring, talks who has hung up, or is transferred \
                 before there is a conversation.",
                "Add the step that is missing before it, or take this one out.",
            ),
            Code::UnknownStep => (
                "RB-107",
                "a step is not one",
                "A step is a verb (`- record`) or a verb with a value (`- ring: ann`), and the verb is one of a closed \
                 list that depends on the subject: a call rings and hangs up, a shift logs in and out.",
                "Take the verb that is proposed. One step does one thing: two things are two steps.",
            ),
            Code::BadValue => (
                "RB-108",
                "a value cannot be",
                "The value is of the right kind but not possible: a length of time without a unit, a phone number \
                 with letters, an address without a host, a word that is not one of the choices.",
                "Write it as the help shows. Lengths of time have a unit: `500ms`, `5s`, `1m30s`, `2h`, or `3s..12s` \
                 to have one drawn from the seed.",
            ),
            Code::Twice => (
                "RB-109",
                "something is given twice",
                "The same key stands twice in one block, or the same name is given to two parties. One of the two \
                 would have no effect.",
                "Keep one of them, or rename one.",
            ),
            Code::Unreadable => (
                "RB-110",
                "a file or folder cannot be read",
                "It does not exist, the permission to read it is missing, or it is not a text in UTF-8.",
                "Check the path and its permissions; save the file as UTF-8.",
            ),
            Code::NoScenario => (
                "RB-111",
                "there is no such scenario",
                "The argument is neither a file, nor a folder that holds `.yaml`, `.yml` or `.json` files, nor the name \
                 of a built-in scenario.",
                "`ringback list scenarios` lists the built-in ones. A path is taken from the folder in which the \
                 command runs.",
            ),
            Code::TooLarge => (
                "RB-112",
                "something is larger than its limit",
                "Everything that is read has a limit, so that a slip cannot fill the memory: the size of a file, the \
                 depth of its nesting, the number of its keys and values, the text that aliases repeat, its regular expressions, \
                 the files of a folder.",
                "Split the file or the folder, or write shorter texts.",
            ),
            Code::Subject => (
                "RB-113",
                "a scenario has one subject",
                "A scenario is about one call, about agents' shifts, about one chat, or about push notifications.",
                "Keep one of `call`, `shift`, `chat` and `notification`, and write the other into a file of its own.",
            ),
            Code::Environment => (
                "RB-114",
                "an environment variable is not set",
                "A secret is written as `{env.NAME}` so that it does not stand in the file. The variable of that name \
                 is not set where Ringback runs.",
                "Set it: `NAME=value ringback run ...`, or as a secret of the CI system.",
            ),
            Code::Contradiction => (
                "RB-115",
                "two things contradict each other",
                "Faults fold into one fate in the order in which they are listed, and here one of two would have no \
                 effect: a push that is never sent cannot be bent, an empty body has no field that could be missing, a \
                 method cannot be two. Two triggers that count in different ways contradict each other as well.",
                "Keep one of the two, list them in the other order, or give them different pushes by `push` and `when`.",
            ),
            Code::FaultCannotStrike => (
                "RB-116",
                "a fault can strike nothing of what is played",
                "A fault strikes when it changes the bytes of a push, its time, its order, how often it is sent, or its \
                 target. This one cannot, whatever the seed draws, in any story of the run: no push matches its pattern, \
                 there are fewer pushes than it counts, the retry policy never makes the attempt that it is for, its \
                 window lies outside of the story, or there is nothing in the pushes that it would change. A run that \
                 passed with it would prove nothing.",
                "Fix its `push`, `call`, `target` or `when`; or take it out. In a profile that is meant for any scenario, \
                 mark it `may_idle: true`: then reports list it as idle.",
            ),
            Code::NotAcknowledged => (
                "RB-201",
                "a push was never acknowledged",
                "The vendor counts a push as delivered only if the answer is what its documents ask for (mostly a \
                 status, sometimes a word in the body), tries again as often as its policy says, and then gives \
                 the push up. A receiver that loses pushes in production fails just so. An expectation on the \
                 status of a push takes the place of this rule for that push.",
                "Look at the answer and at the reason that stands in the finding; `ringback list vendors` and the \
                 shape of `thanks` in `ringback receive` show what the vendor takes. `curl` in a JSON report sends the same \
                 push once more.",
            ),
            Code::Status => (
                "RB-202",
                "an answer has another status than expected",
                "`expect: [{ push: ..., status: ... }]` takes an exact status (`200`), a class (`2xx`) or a list \
                 of them. Every answer to a push that the pattern matches is judged, retries too; answers to \
                 pushes that a fault has spoilt on purpose are not, for a receiver may well refuse those. A push \
                 that never had an answer fails it, too. `answer: last` judges only the answer to the last attempt.",
                "Mend the receiver, or widen what is expected. `curl` in a JSON report sends the same push once more.",
            ),
            Code::Header => (
                "RB-203",
                "an answer lacks a header, or it has another value",
                "`headers` names headers that an answer must have, in any letter case, each with a literal or a \
                 matcher. Where a header comes several times, one of its values must fit.",
                "Mend the receiver, or the expectation. `--verbose` shows the headers of every answer.",
            ),
            Code::TooLate => (
                "RB-204",
                "an answer came too late",
                "`within` limits the time from the start of the attempt to the last byte of the answer, \
                 connecting included. A vendor waits only so long; and a slow answer today is a timeout under \
                 load tomorrow.",
                "Answer first and work afterwards, from a queue. On a noisy CI machine choose a limit with room.",
            ),
            Code::Json => (
                "RB-205",
                "the body of an answer is not the JSON that was expected",
                "`json` is held against the body: keys that it names must be there with the value, or fit the \
                 matcher; other keys may stand beside them. A key that starts with `$` is a JSONPath, one that \
                 starts with `/` a JSON Pointer.",
                "The difference in the finding names each path: `-` is what was expected, `+` what was found. \
                 Mend the receiver, or the expectation.",
            ),
            Code::Text => (
                "RB-206",
                "the body of an answer is not the text that was expected",
                "`text` is held against the body as it came, decoded by its charset: a literal is compared as a \
                 whole, save for white space at its ends, and a matcher as it says.",
                "Mend the receiver, or use a matcher such as `{ contains: ... }`.",
            ),
            Code::NotEmpty => (
                "RB-207",
                "the body of an answer is not empty",
                "`empty: true` expects an answer without a body.",
                "Answer 204, or a 2xx with an empty body.",
            ),
            Code::NoAnswer => (
                "RB-211",
                "a push was never answered",
                "`story: answered` expects that every push has at least one answer, whatever it says. This one \
                 had none in all of its attempts: the connection failed, or it took too long.",
                "The events before it (`<-- timed out`, `<-- not connected`) say in which phase it failed.",
            ),
            Code::ErrorAfterEnd => (
                "RB-212",
                "a push after the end of its call was answered with an error",
                "Recordings, ratings and late states arrive when a call has already ended. A receiver that has \
                 closed its books by then answers 404 or 500, and the vendor drops the push.",
                "Keep calls open to late pushes, or look them up by the id of the call rather than among the \
                 calls under way.",
            ),
            Code::TooManyAttempts => (
                "RB-213",
                "a push needed too many attempts",
                "`story: { attempts: N }` limits how often a push may have to be sent until it is settled.",
                "Look at the answers to the first attempts: each of them was no acknowledgement.",
            ),
            Code::ServerError => (
                "RB-214",
                "the receiver broke down over a push",
                "`story: no_5xx` expects no answer from 500 to 599, not even to a push that a fault has spoilt: \
                 what cannot be read deserves a 4xx.",
                "Find the request in the receiver's log, or send it once more: `curl` in a JSON report.",
            ),
            Code::OutOfOrder => (
                "RB-215",
                "answers came in another order than their pushes",
                "`story: in_order` expects that pushes of a call are answered in the order in which they were \
                 first sent. A receiver that works on them side by side can store them in the wrong order, too.",
                "Put the pushes of one call in a queue of their own, or compare their times before storing.",
            ),
            Code::ProbeDisagrees => (
                "RB-221",
                "the receiver believes something else than it should",
                "A probe asks the receiver, or a command, what it believes after the story (or after each push), \
                 again and again until it agrees or `within` is over. A quick 200 is worth little if the call is \
                 then stored wrongly. Where faults kept a push from arriving whole, it is not asked unless it says \
                 `when_lost: judge`.",
                "The difference names each path: `-` is what was expected, `+` what the probe found last. The \
                 curl line asks once more.",
            ),
            Code::ProbeSilent => (
                "RB-222",
                "a probe could not be asked",
                "The address of the probe does not answer, its name does not resolve, or the command cannot be \
                 started. That says nothing about the receiver, so the run could not go on (exit 3).",
                "Start what the probe asks, mend its address, or give it more time by `within`.",
            ),
            Code::SnapshotChanged => (
                "RB-231",
                "the answers differ from their snapshot",
                "The receiver's answers, with everything named that Ringback itself had sent, are not those that \
                 were accepted before.",
                "If the change is meant, run again without `CI` and accept it: `ringback review`, or `ringback \
                 accept NAME`. Otherwise mend the receiver. What changes by itself can be taken out by `snapshot: \
                 { redact: [...] }`.",
            ),
            Code::SnapshotNew => (
                "RB-232",
                "the answers have no accepted snapshot yet",
                "The first run of a scenario by a vendor has nothing to be compared with, or what was answered before waits \
                 to be looked at. Where `CI` is set nothing is written, and that alone is exit 6.",
                "Run once without `CI`, look at it by `ringback review`, accept it, and commit the file.",
            ),
            Code::SnapshotBroken => (
                "RB-233",
                "a snapshot cannot be read or written",
                "The file is damaged, was written by a newer version, may not be written, or the disk is full. \
                 Nothing was overwritten.",
                "The message names the file and what is wrong with it. Restore it from version control, or remove \
                 it and accept it anew.",
            ),
            Code::SnapshotUnused => (
                "RB-234",
                "a snapshot belongs to nothing that was played",
                "A `.snap` file stands in the folder, but no story of this run compares with it. The scenario may \
                 have been renamed or removed.",
                "Remove it by hand, or all of them by `--prune`; run all scenarios then, since those that are not \
                 played look unused.",
            ),
            Code::FaultNeverStruck => (
                "RB-241",
                "a fault struck nothing",
                "A fault strikes when it changes the bytes of a push, its time, its order, how often it is sent, or its \
                 target. This one could have, and did not in this run: its `rate` fell on no push, or the vendor never \
                 made the attempt that it is for. What it is meant to prove stays unproven. `--strict` fails the run.",
                "Play it by another `--seed`, raise its `rate`, or give it pushes by `push` and `when`. In a profile that \
                 is meant for any scenario, mark it `may_idle: true`.",
            ),
            Code::NeverJudged => (
                "RB-242",
                "an expectation was never judged",
                "`--strict` expects that every entry of `expect` and every probe is judged at least once in the run. This \
                 one was not: no push matches it, faults corrupted every attempt that it is about, or faults lost pushes \
                 of every story whose probe would have been asked.",
                "Fix its `push`, play a scenario that it is about, or take it out. A probe is asked after a lost push as \
                 well by `when_lost: judge`.",
            ),
        };
        Explanation { code, title, meaning, fix }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\n\n{}\n\n{}", self.code, self.title, self.meaning, self.fix)
    }
}
