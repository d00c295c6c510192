#!/usr/bin/env bash
# Runs in a network namespace of its own (unshare --net --pid --fork --mount-proc --kill-child): a real phone, baresip, and our
# server; sipp registers with digest, calls the group and plays a file. What baresip heard is left in $work as dump-*.wav.
# usage: run.sh MCPTT.DLL WORK TALKER.XML REGISTER.XML
set -euo pipefail
mcptt=$1 work=$2 talker=$3 register=$4
here=$(dirname "$(readlink -f "$0")")
address=10.99.0.1

ip link set lo up
# baresip takes no loopback address: a veth pair is a device like any other.
ip link add v0 type veth peer name v1
ip addr add $address/24 dev v0
ip link set v0 up
ip link set v1 up

cd "$work"
: >server.log
: >baresip.log
dotnet "$mcptt" serve --config server.json --users users.json --groups groups.json >server.log 2>&1 &
for _ in $(seq 300); do grep -q "ready" server.log && break; sleep 0.1; done
grep -q "ready" server.log || { echo "the server did not start"; cat server.log; exit 1; }

mkdir -p phone
cp "$here/config" phone/config
printf '<sip:bob@example.org>;auth_user=bob;auth_pass=bobs-secret;answermode=auto;regint=60;outbound="sip:%s:5060;transport=udp"\n' $address >phone/accounts
: >phone/contacts
baresip -f phone -n v0 >baresip.log 2>&1 </dev/null &
phone=$!
for _ in $(seq 100); do grep -q "200 OK" baresip.log && break; sleep 0.1; done
grep -q "200 OK" baresip.log || { echo "baresip did not register"; cat baresip.log server.log; exit 1; }

sipp_options=(-i $address -mi $address -p 5070 -mp 16400 -m 1 -nostdin -timeout 40s -s alice -au alice -ap alices-secret -trace_err -trace_msg)
timeout 30 sipp $address:5060 -sf "$register" -error_file register-errors.log -message_file register-messages.log "${sipp_options[@]}" >register.log 2>&1
timeout 60 sipp $address:5060 -sf "$talker" -error_file talker-errors.log -message_file talker-messages.log "${sipp_options[@]}" >talker.log 2>&1
sleep 1
kill -INT $phone
wait $phone || true
ls -la . >listing.log
