#!/bin/sh
# Makes the shipped prompts from prompts.json (espeak-ng, sox) as 8 kHz A-law WAV, and the tunes that have no words.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p zh-CN en

node -e '
  const prompts = JSON.parse(require("fs").readFileSync("prompts.json", "utf8"));
  for (const [id, texts] of Object.entries(prompts)) for (const [language, text] of Object.entries(texts)) console.log([language, id, text].join("\t"));
' | while IFS="$(printf '\t')" read -r language id text; do
  case $language in zh-CN) voice=cmn ;; *) voice=en-us ;; esac
  espeak-ng -v "$voice" -s 150 -w "$work/say.wav" -- "$text"
  sox "$work/say.wav" -r 8000 -c 1 -e a-law "$language/$id.wav" silence 1 0.02 0.5% reverse silence 1 0.02 0.5% reverse pad 0.06 0.06 norm -4
done

# A simple plucked tune for the queue, two soft pulses for a seat that is coming back, and the tone before a message.
notes="C4 E4 G4 C5 G4 E4 A3 C4 E4 A4 E4 C4 F3 A3 C4 F4 C4 A3 G3 B3 D4 G4 D4 B3"
for language in zh-CN en; do
  if [ "$language" = en ]; then cp zh-CN/music.wav zh-CN/comfort.wav zh-CN/beep.wav en/; break; fi
  list=""
  n=0
  for note in $notes; do
    n=$((n + 1))
    sox -n -r 8000 -c 1 "$work/note$n.wav" synth 0.6 pluck "$note" fade 0 0.6 0.1
    list="$list $work/note$n.wav"
  done
  # shellcheck disable=SC2086 -- a list of files
  sox $list -r 8000 -c 1 -e a-law "$language/music.wav" norm -14
  sox -n -r 8000 -c 1 -e a-law "$language/comfort.wav" synth 0.25 sine 425 fade 0.03 0.25 0.05 gain -20 pad 0 0.25 repeat 1 pad 0 3
  sox -n -r 8000 -c 1 -e a-law "$language/beep.wav" synth 0.4 sine 1000 fade 0.02 0.4 0.05 gain -10
done
