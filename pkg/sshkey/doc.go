// Package sshkey finds the key a person signs with: the one that git's
// configuration names for SSH signing, in a file or in the ssh-agent.
//
// It reads key files and talks to the agent; it writes nothing, asks for no
// passphrase and runs no command. Where git's configuration comes from is the
// caller's business; what a signature means is seal's.
package sshkey
