package cli

// auditTopic is the page `sendctl help audit-trail`.
const auditTopic = `What is decided (a review, a move, a sent request and what follows on it, an
agreed passport, a correction, a handover, a change of keys, a removal) is
sealed when it is recorded. A seal is a small text beside the file: the file's
hash, who recorded it, when, and the hashes of the seals before it; signed,
where the person has a key. It names no commit, so it outlives squash, rebase
and a move to another school. sendctl audit verify holds the folder, and every
commit it ever had, to its seals.

Three answers:
  proven       (exit code 0) nothing sealed was changed, taken away or put
               under another day, and nothing was slipped in
  broken       (exit code 1) something was; each finding says who, when, where,
               what to do, and how to get back where the cause may be honest
  cannot tell  (exit code 3) something needed is not here: the rest of a
               shallow clone, a file that cannot be read, a revoked key.
               "Nothing to check" is never proven.

What it finds, by the word that --json gives it:
  seal-gone, file-gone, moved       a seal or sealed file was taken away
  file-changed, changed-on-disk     a sealed file is not what was sealed
  unsealed, claim-unsealed          something that is sealed by the act that
                                    makes it, made past sendctl
  backdated                         recorded, it says, before what it follows
  forged-author, signature          not by the person, or the key, it says
  key-added, key-dropped,           the roster of keys was changed, and nobody
  key-unrevoked                     with a key vouches for it
  after-revocation                  signed with a revoked key, under an old day
  remembered-gone, rewritten        what this clone has seen before is gone
  checkpoint-…                      what a checkpoint holds is not here, or two
                                    of them tell of two different pasts
  redirected, shallow, partial,     git shows another history than was
  missing, damaged                  recorded, or not all of it is here
  yaml-trick, look-alike, link      a file that two programs would read
                                    differently, or that is not what it seems
  demonstration, …-dropped          made-up records passed off as real ones
  removal, removed-here             what was taken out; and what came back
  merged-as-text                    a merge past sendctl touched a sealed file:
                                    sendctl sync puts its bytes back

A clone remembers what it last proved (.git/sendctl/remembered), and only what
is shared: your own act, not yet sent anywhere, may be taken back with git
reset.

What no program can find in one folder: a past made up as a whole by somebody
who holds every key and every copy. One checkpoint outside their reach settles
that: sendctl audit checkpoint, on a parent's printed plan or in a governor's
inbox. Then: sendctl audit verify --checkpoint FILE.

Keys: sendctl people add-key, revoke-key. The first key of a folder has nobody
to vouch for it; every later one is vouched for by somebody who had one. Seals
and checkpoints are checked by OpenSSH too:
  sendctl people allowed-signers > allowed
  sed '/^-----BEGIN/,$d' FILE.seal > text
  sed -n '/^-----BEGIN/,$p' FILE.seal > signature
  ssh-keygen -Y verify -f allowed -I PERSON -n sendctl-seal -s signature < text
`
