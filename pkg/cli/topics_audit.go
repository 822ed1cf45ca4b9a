package cli

// auditTopic is the page `sendctl help audit-trail`.
const auditTopic = `What is decided is sealed when it is recorded: a review, a move, a sent request
and what follows it, an agreed passport, a correction, a handover, a change of
keys, a removal. A seal is a small text beside the file. It holds the file's
hash, who recorded it, when, and the hashes of the seals before it; if the
person has a key, it is signed. It names no commit, so it survives squash,
rebase and a move to another school. sendctl audit verify checks the folder, and
every commit it ever had, against its seals.

Three answers:
  proven       (exit code 0) nothing sealed was changed, taken away or put
               under another day, and nothing was slipped in
  broken       (exit code 1) something was; each finding says who, when, where,
               what to do, and how to get back if the cause may be honest
  cannot tell  (exit code 3) something needed is not here: the rest of a
               shallow clone, a file that cannot be read, a revoked key.
               "Nothing to check" is never proven.

What it finds, by the word in --json:
  seal-gone, file-gone, moved       a seal or a sealed file was taken away
  file-changed, changed-on-disk     a sealed file is not what was sealed
  unsealed, claim-unsealed          something made without sendctl that should
                                    have been sealed when it was made
  backdated                         it claims to be recorded before what it
                                    follows
  forged-author, signature          not by the person, or the key, it claims
  key-added, key-dropped,           the list of keys was changed, and nobody
  key-unrevoked                     with a key vouches for it
  after-revocation                  signed with a revoked key, under an old day
  remembered-gone, rewritten        what this clone has seen before is gone
  checkpoint-…                      what a checkpoint holds is not here, or two
                                    checkpoints show two different pasts
  redirected, shallow, partial,     git shows another history than was
  missing, damaged                  recorded, or not all of it is here
  yaml-trick, look-alike, link      a file that two programs would read
                                    differently, or that is not what it seems
  demonstration, …-dropped          made-up records passed off as real ones
  removal, removed-here             what was removed, and what came back
  merged-as-text                    a merge without sendctl changed a sealed
                                    file: sendctl sync puts its bytes back

A clone remembers what it last proved (.git/sendctl/remembered), but only what
is shared. If you have not sent your own act anywhere yet, you may take it back
with git reset.

No program can find this in one folder: a whole past made up by somebody who
holds every key and every copy. One checkpoint out of their reach settles it:
sendctl audit checkpoint, on a parent's printed plan or in a governor's inbox.
Then: sendctl audit verify --checkpoint FILE.

Keys: sendctl people add-key, revoke-key. Nobody can vouch for the first key of
a folder; somebody who already had one vouches for every later key. OpenSSH can
check seals and checkpoints too:
  sendctl people allowed-signers > allowed
  sed '/^-----BEGIN/,$d' FILE.seal > text
  sed -n '/^-----BEGIN/,$p' FILE.seal > signature
  ssh-keygen -Y verify -f allowed -I PERSON -n sendctl-seal -s signature < text
`
