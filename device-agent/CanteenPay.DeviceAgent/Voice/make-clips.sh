#!/usr/bin/env bash
# Makes the clips of the machine's voice anew, or only those named as arguments. Run by hand, never by the build: what was heard and approved is what is committed.
# Needs espeak-ng (voice cmn-latn-pinyin: the voice for hanzi mispronounces them) and sox.
#
# Each clip: 16 kHz, 16 bit, mono PCM in a WAV with a plain 44-byte header; silence at both ends cut to a breath;
# compressed a little and brought to the same RMS level, so that a joined sentence does not jump; no sample reaches full scale.
set -euo pipefail
cd "$(dirname "$0")"

level_dbfs=-16   # RMS of every clip
ceiling=0.95     # no sample beyond this
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p clips

# id | pinyin with tone numbers (sandhi written out: 一 before 笔 is yi4) | words a minute, where not 165: a queue at the till has no time for long words
table='
previous|shang4 yi4 bi3
refunded|yi3 tui4kuan3
wechat|wei1xin4 shou1kuan3
alipay|zhi1fu4bao3 shou1kuan3
unionpay|yun2shan3fu4 shou1kuan3
received|shou1kuan3 cheng2gong1
0|ling2
1|yi1
2|er4
3|san1
4|si4
5|wu3
6|liu4
7|qi1
8|ba1
9|jiu3
10|shi2
100|bai3
1000|qian1
10000|wan4
point|dian3
yuan|yuan2
spent|xiao1fei4|200
counted|ji4ci4 cheng2gong1|180
undone|yi3 che4xiao1|200
unknown-card|fei1fa3 ka3|200
lost-card|gua4shi1 ka3|200
cancelled-card|zhu4xiao1 ka3|200
not-enough|yu2e2 bu4zu2|200
over-tap-limit|dan1bi3 xian4e2|200
over-amount-limit|chao1guo4 xian4e2|200
over-count-limit|chao1guo4 xian4ci4|200
outside-meal|bu2 zai4 xiao1fei4 shi2duan4|200
not-set|she4zhi4 cuo4wu4|200
tap-again|qing3 chong2xin1 shua1ka3|200
over-unbooked-cap|dai4 shang4chuan2 yi3 man3|200
offline-too-long|li2xian4 chao1shi2|200
store-full|shu4ju4 cun2man3|200
not-synced|zheng4zai4 xia4zai4|200
clock-unknown|zheng4zai4 jiao4zhun3 shi2jian1|200
not-offered|wei4 kai1tong1 shua1ka3|200
typed-uid-off|wei4 kai1tong1 jian4pan2|200
cancel-first|qing3 xian1 qu3xiao1|200
clear-first|qing3 xian1 qing1chu2|200
no-such-item|qing3 geng1zheng4 bian1hao4|200
basket-full|qing3 jian3shao3 shu4liang4|200
wait|qing3 shao1hou4|200
fault|ben3ji1 gu4zhang4|170
'

while IFS='|' read -r id pinyin speed; do
  [ -n "$id" ] || continue
  [ $# -eq 0 ] || [[ " $* " == *" $id "* ]] || continue
  espeak-ng -v cmn-latn-pinyin -s "${speed:-165}" -p 55 -a 150 -w "$work/raw.wav" "$pinyin"
  # Cut silence at both ends, then leave 20 ms on each side and fade 5 ms, so that joints neither click nor stumble.
  sox -D "$work/raw.wav" -r 16000 -b 16 -c 1 "$work/cut.wav" \
    gain -6 highpass 90 silence 1 0.005 0.4% reverse silence 1 0.005 0.4% reverse \
    norm -3 compand 0.005,0.08 6:-50,-45,-25,-14,0,-6 0 -50 0.02 norm -3 fade t 0.005 reverse fade t 0.005 reverse pad 0.02 0.02
  rms=$(sox "$work/cut.wav" -n stat 2>&1 | awk '/RMS.*amplitude/ {print $3}')
  peak=$(sox "$work/cut.wav" -n stat 2>&1 | awk '/Maximum amplitude/ {max=$3} /Minimum amplitude/ {min=-$3} END {print (max > min ? max : min)}')
  gain=$(awk -v rms="$rms" -v peak="$peak" -v level="$level_dbfs" -v ceiling="$ceiling" \
    'BEGIN {g = 10^(level/20) / rms; if (g * peak > ceiling) g = ceiling / peak; print g}')
  # The bare raw samples under a plain header: sox would otherwise add chunks of its own.
  sox -D "$work/cut.wav" -t raw -e signed-integer -b 16 -r 16000 -c 1 "$work/pcm.raw" vol "$gain"
  sox -t raw -e signed-integer -b 16 -r 16000 -c 1 "$work/pcm.raw" -t wav "clips/$id.wav"
done <<< "$table"
