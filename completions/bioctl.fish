# fish completion for bioctl(1), written by `bioctl generate completions`.

function __bioctl_people
    bioctl people list --quiet 2>/dev/null </dev/null | cut -f 1
end

complete -c bioctl -f
complete -c bioctl -s h -l help -d 'Print a short help and exit'
complete -c bioctl -l version -d 'Print the version and exit'
complete -c bioctl -l json -d 'Print one JSON object a line, also for errors'
complete -c bioctl -s q -l quiet -d 'No notes and no progress on stderr, only warnings and errors'
complete -c bioctl -s v -l verbose -d 'Tell more on stderr: which files are used'
complete -c bioctl -l no-progress -d 'No progress bar'
complete -c bioctl -l color -x -a 'auto always never' -d 'Colour on terminals'
complete -c bioctl -l config -r -F -d 'Read this configuration file too; it beats the user\'s and the system\'s'
complete -c bioctl -l data-dir -x -a '(__fish_complete_directories)' -d 'Folder of the store, the portraits and the imported models'

complete -c bioctl -n '__fish_use_subcommand' -a enroll -d 'Remember a person\'s face or palm from photos'
complete -c bioctl -n '__fish_use_subcommand' -a bulk-enroll -d 'Remember everybody in a folder or a list of photos'
complete -c bioctl -n '__fish_use_subcommand' -a recognize -d 'Say who is on photos'
complete -c bioctl -n '__fish_use_subcommand' -a watch -d 'Say who comes before a camera'
complete -c bioctl -n '__fish_use_subcommand' -a compare -d 'Say whether two photos show the same person'
complete -c bioctl -n '__fish_use_subcommand' -a people -d 'Look at and change who is enrolled'
complete -c bioctl -n '__fish_use_subcommand' -a devices -d 'Manage the face terminals'
complete -c bioctl -n '__fish_use_subcommand' -a sync-hikvision -d 'Fetch and deliver the events of face terminals'
complete -c bioctl -n '__fish_use_subcommand' -a events -d 'Look at the events of face terminals'
complete -c bioctl -n '__fish_use_subcommand' -a targets -d 'Manage where events are sent'
complete -c bioctl -n '__fish_use_subcommand' -a outbox -d 'Look at deliveries, and try them again'
complete -c bioctl -n '__fish_use_subcommand' -a ping-onts -d 'Ping many hosts, or watch the ONTs of the store'
complete -c bioctl -n '__fish_use_subcommand' -a onts -d 'Manage the ONTs and what they hang on'
complete -c bioctl -n '__fish_use_subcommand' -a outages -d 'Look at outages, report and acknowledge them'
complete -c bioctl -n '__fish_use_subcommand' -a maintenance -d 'Plan the hours in which nobody is told of outages'
complete -c bioctl -n '__fish_use_subcommand' -a notifications -d 'Look at notifications, and test who is told'
complete -c bioctl -n '__fish_use_subcommand' -a routers -d 'Manage the MikroTik routers of the hotspots'
complete -c bioctl -n '__fish_use_subcommand' -a hotspot -d 'Show who uses the hotspots, and who did'
complete -c bioctl -n '__fish_use_subcommand' -a serve -d 'Answer over HTTP what the other verbs answer'
complete -c bioctl -n '__fish_use_subcommand' -a accounts -d 'Manage who may log in, and the keys of programs'
complete -c bioctl -n '__fish_use_subcommand' -a audit -d 'Look at who changed what, and whether the log of it was changed'
complete -c bioctl -n '__fish_use_subcommand' -a models -d 'Choose the networks that find and recognise faces'
complete -c bioctl -n '__fish_use_subcommand' -a config -d 'Look at and change the settings'
complete -c bioctl -n '__fish_use_subcommand' -a doctor -d 'Check whether this installation is healthy'
complete -c bioctl -n '__fish_use_subcommand' -a generate -d 'Write the parts of the manual and the completions that follow from the verbs'
complete -c bioctl -n '__fish_use_subcommand' -a help -d 'Show the manual of a verb'
complete -c bioctl -n '__fish_use_subcommand' -a version -d 'Print the versions of bioctl and its libraries'

complete -c bioctl -n '__fish_seen_subcommand_from people; and not __fish_seen_subcommand_from list show rename remove merge import export reembed' -a list -d 'List everybody'
complete -c bioctl -n '__fish_seen_subcommand_from people; and not __fish_seen_subcommand_from list show rename remove merge import export reembed' -a show -d 'Show one person with all templates'
complete -c bioctl -n '__fish_seen_subcommand_from people; and not __fish_seen_subcommand_from list show rename remove merge import export reembed' -a rename -d 'Change the name or the id of a person'
complete -c bioctl -n '__fish_seen_subcommand_from people; and not __fish_seen_subcommand_from list show rename remove merge import export reembed' -a remove -d 'Delete people with their templates and portraits'
complete -c bioctl -n '__fish_seen_subcommand_from people; and not __fish_seen_subcommand_from list show rename remove merge import export reembed' -a merge -d 'Make one person of two'
complete -c bioctl -n '__fish_seen_subcommand_from people; and not __fish_seen_subcommand_from list show rename remove merge import export reembed' -a import -d 'Take in templates from .npy files or NDJSON'
complete -c bioctl -n '__fish_seen_subcommand_from people; and not __fish_seen_subcommand_from list show rename remove merge import export reembed' -a export -d 'Write templates to .npy files or NDJSON'
complete -c bioctl -n '__fish_seen_subcommand_from people; and not __fish_seen_subcommand_from list show rename remove merge import export reembed' -a reembed -d 'Make new vectors after a change of models'

complete -c bioctl -n '__fish_seen_subcommand_from devices; and not __fish_seen_subcommand_from add list show edit remove enable disable check listen push-people import export' -a add -d 'Add a device'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and not __fish_seen_subcommand_from add list show edit remove enable disable check listen push-people import export' -a list -d 'List all devices with their state'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and not __fish_seen_subcommand_from add list show edit remove enable disable check listen push-people import export' -a show -d 'Show one device and how its state changed'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and not __fish_seen_subcommand_from add list show edit remove enable disable check listen push-people import export' -a edit -d 'Change a device'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and not __fish_seen_subcommand_from add list show edit remove enable disable check listen push-people import export' -a remove -d 'Remove a device; its events stay'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and not __fish_seen_subcommand_from add list show edit remove enable disable check listen push-people import export' -a enable -d 'Sync devices again'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and not __fish_seen_subcommand_from add list show edit remove enable disable check listen push-people import export' -a disable -d 'Leave devices out of the sync'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and not __fish_seen_subcommand_from add list show edit remove enable disable check listen push-people import export' -a check -d 'Ask devices whether they are fit to be synced'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and not __fish_seen_subcommand_from add list show edit remove enable disable check listen push-people import export' -a listen -d 'Tell a device where to push its events'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and not __fish_seen_subcommand_from add list show edit remove enable disable check listen push-people import export' -a push-people -d 'Put the enrolled people on devices'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and not __fish_seen_subcommand_from add list show edit remove enable disable check listen push-people import export' -a import -d 'Add or change devices from a file'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and not __fish_seen_subcommand_from add list show edit remove enable disable check listen push-people import export' -a export -d 'Write all devices as NDJSON, without passwords'

complete -c bioctl -n '__fish_seen_subcommand_from events; and not __fish_seen_subcommand_from list show export resend stats prune' -a list -d 'List events'
complete -c bioctl -n '__fish_seen_subcommand_from events; and not __fish_seen_subcommand_from list show export resend stats prune' -a show -d 'Show one event with its deliveries'
complete -c bioctl -n '__fish_seen_subcommand_from events; and not __fish_seen_subcommand_from list show export resend stats prune' -a export -d 'Write events as CSV or NDJSON'
complete -c bioctl -n '__fish_seen_subcommand_from events; and not __fish_seen_subcommand_from list show export resend stats prune' -a resend -d 'Send events again to their targets'
complete -c bioctl -n '__fish_seen_subcommand_from events; and not __fish_seen_subcommand_from list show export resend stats prune' -a stats -d 'Count events'
complete -c bioctl -n '__fish_seen_subcommand_from events; and not __fish_seen_subcommand_from list show export resend stats prune' -a prune -d 'Delete old events and pictures'

complete -c bioctl -n '__fish_seen_subcommand_from targets; and not __fish_seen_subcommand_from add list edit remove' -a add -d 'Add a target'
complete -c bioctl -n '__fish_seen_subcommand_from targets; and not __fish_seen_subcommand_from add list edit remove' -a list -d 'List all targets'
complete -c bioctl -n '__fish_seen_subcommand_from targets; and not __fish_seen_subcommand_from add list edit remove' -a edit -d 'Change a target'
complete -c bioctl -n '__fish_seen_subcommand_from targets; and not __fish_seen_subcommand_from add list edit remove' -a remove -d 'Remove a target with its deliveries'

complete -c bioctl -n '__fish_seen_subcommand_from outbox; and not __fish_seen_subcommand_from list retry flush drop stats' -a list -d 'List deliveries'
complete -c bioctl -n '__fish_seen_subcommand_from outbox; and not __fish_seen_subcommand_from list retry flush drop stats' -a retry -d 'Try failed deliveries again'
complete -c bioctl -n '__fish_seen_subcommand_from outbox; and not __fish_seen_subcommand_from list retry flush drop stats' -a flush -d 'Send what is due, now'
complete -c bioctl -n '__fish_seen_subcommand_from outbox; and not __fish_seen_subcommand_from list retry flush drop stats' -a drop -d 'Give deliveries up'
complete -c bioctl -n '__fish_seen_subcommand_from outbox; and not __fish_seen_subcommand_from list retry flush drop stats' -a stats -d 'Count deliveries'

complete -c bioctl -n '__fish_seen_subcommand_from onts; and not __fish_seen_subcommand_from add list show edit remove import export check-duplicates history' -a add -d 'Add an ONT, an OLT or a switch'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and not __fish_seen_subcommand_from add list show edit remove import export check-duplicates history' -a list -d 'List ONTs with their state'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and not __fish_seen_subcommand_from add list show edit remove import export check-duplicates history' -a show -d 'Show one ONT'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and not __fish_seen_subcommand_from add list show edit remove import export check-duplicates history' -a edit -d 'Change an ONT'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and not __fish_seen_subcommand_from add list show edit remove import export check-duplicates history' -a remove -d 'Remove ONTs; their outages and history stay'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and not __fish_seen_subcommand_from add list show edit remove import export check-duplicates history' -a import -d 'Add or change ONTs from CSV, or a file of the old services'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and not __fish_seen_subcommand_from add list show edit remove import export check-duplicates history' -a export -d 'Write all ONTs as CSV, or as a file of the old services'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and not __fish_seen_subcommand_from add list show edit remove import export check-duplicates history' -a check-duplicates -d 'Find what is there twice, and what is missing'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and not __fish_seen_subcommand_from add list show edit remove import export check-duplicates history' -a history -d 'Show round-trip times and losses over time'

complete -c bioctl -n '__fish_seen_subcommand_from outages; and not __fish_seen_subcommand_from list summary report ack clear' -a list -d 'List outages, the newest first'
complete -c bioctl -n '__fish_seen_subcommand_from outages; and not __fish_seen_subcommand_from list summary report ack clear' -a summary -d 'Count outages by ONT'
complete -c bioctl -n '__fish_seen_subcommand_from outages; and not __fish_seen_subcommand_from list summary report ack clear' -a report -d 'Tell how available ONTs were'
complete -c bioctl -n '__fish_seen_subcommand_from outages; and not __fish_seen_subcommand_from list summary report ack clear' -a ack -d 'Acknowledge outages, so that nobody is told of them again'
complete -c bioctl -n '__fish_seen_subcommand_from outages; and not __fish_seen_subcommand_from list summary report ack clear' -a clear -d 'Forget outages that have ended, with a backup'

complete -c bioctl -n '__fish_seen_subcommand_from maintenance; and not __fish_seen_subcommand_from add list remove' -a add -d 'Add a maintenance window'
complete -c bioctl -n '__fish_seen_subcommand_from maintenance; and not __fish_seen_subcommand_from add list remove' -a list -d 'List the maintenance windows'
complete -c bioctl -n '__fish_seen_subcommand_from maintenance; and not __fish_seen_subcommand_from add list remove' -a remove -d 'Remove maintenance windows'

complete -c bioctl -n '__fish_seen_subcommand_from notifications; and not __fish_seen_subcommand_from list add read clear restore test import export' -a list -d 'List notifications, newest first'
complete -c bioctl -n '__fish_seen_subcommand_from notifications; and not __fish_seen_subcommand_from list add read clear restore test import export' -a add -d 'Add a notification'
complete -c bioctl -n '__fish_seen_subcommand_from notifications; and not __fish_seen_subcommand_from list add read clear restore test import export' -a read -d 'Mark notifications as read'
complete -c bioctl -n '__fish_seen_subcommand_from notifications; and not __fish_seen_subcommand_from list add read clear restore test import export' -a clear -d 'Clear the list, with a backup'
complete -c bioctl -n '__fish_seen_subcommand_from notifications; and not __fish_seen_subcommand_from list add read clear restore test import export' -a restore -d 'Bring back what the last clear took'
complete -c bioctl -n '__fish_seen_subcommand_from notifications; and not __fish_seen_subcommand_from list add read clear restore test import export' -a test -d 'Send a test notification now'
complete -c bioctl -n '__fish_seen_subcommand_from notifications; and not __fish_seen_subcommand_from list add read clear restore test import export' -a import -d 'Take over notifications of the old monitor'
complete -c bioctl -n '__fish_seen_subcommand_from notifications; and not __fish_seen_subcommand_from list add read clear restore test import export' -a export -d 'Write the list as the old monitor kept it'

complete -c bioctl -n '__fish_seen_subcommand_from routers; and not __fish_seen_subcommand_from add list check edit remove' -a add -d 'Add a router'
complete -c bioctl -n '__fish_seen_subcommand_from routers; and not __fish_seen_subcommand_from add list check edit remove' -a list -d 'List all routers with their state'
complete -c bioctl -n '__fish_seen_subcommand_from routers; and not __fish_seen_subcommand_from add list check edit remove' -a check -d 'Ask routers whether their hotspot users can be read'
complete -c bioctl -n '__fish_seen_subcommand_from routers; and not __fish_seen_subcommand_from add list check edit remove' -a edit -d 'Change a router'
complete -c bioctl -n '__fish_seen_subcommand_from routers; and not __fish_seen_subcommand_from add list check edit remove' -a remove -d 'Remove a router; its history stays'

complete -c bioctl -n '__fish_seen_subcommand_from hotspot; and not __fish_seen_subcommand_from users poll history sessions top' -a users -d 'List who is logged in now'
complete -c bioctl -n '__fish_seen_subcommand_from hotspot; and not __fish_seen_subcommand_from users poll history sessions top' -a poll -d 'Ask all routers once and store who is there, for cron'
complete -c bioctl -n '__fish_seen_subcommand_from hotspot; and not __fish_seen_subcommand_from users poll history sessions top' -a history -d 'Show peak, average and trough of the users, by hour or day'
complete -c bioctl -n '__fish_seen_subcommand_from hotspot; and not __fish_seen_subcommand_from users poll history sessions top' -a sessions -d 'List sessions, from login to logout'
complete -c bioctl -n '__fish_seen_subcommand_from hotspot; and not __fish_seen_subcommand_from users poll history sessions top' -a top -d 'List the devices that moved most bytes'

complete -c bioctl -n '__fish_seen_subcommand_from accounts; and not __fish_seen_subcommand_from add list passwd disable enable remove keys' -a add -d 'Add an account'
complete -c bioctl -n '__fish_seen_subcommand_from accounts; and not __fish_seen_subcommand_from add list passwd disable enable remove keys' -a list -d 'List the accounts'
complete -c bioctl -n '__fish_seen_subcommand_from accounts; and not __fish_seen_subcommand_from add list passwd disable enable remove keys' -a passwd -d 'Set the password of an account and end its sessions'
complete -c bioctl -n '__fish_seen_subcommand_from accounts; and not __fish_seen_subcommand_from add list passwd disable enable remove keys' -a disable -d 'Let an account log in no more and end its sessions'
complete -c bioctl -n '__fish_seen_subcommand_from accounts; and not __fish_seen_subcommand_from add list passwd disable enable remove keys' -a enable -d 'Let an account log in again'
complete -c bioctl -n '__fish_seen_subcommand_from accounts; and not __fish_seen_subcommand_from add list passwd disable enable remove keys' -a remove -d 'Remove an account and end its sessions'
complete -c bioctl -n '__fish_seen_subcommand_from accounts; and not __fish_seen_subcommand_from add list passwd disable enable remove keys' -a keys -d 'Manage the keys that programs use'

complete -c bioctl -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from keys; and not __fish_seen_subcommand_from create list revoke' -a create -d 'Make a key and print it, once'
complete -c bioctl -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from keys; and not __fish_seen_subcommand_from create list revoke' -a list -d 'List the keys, without their secrets'
complete -c bioctl -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from keys; and not __fish_seen_subcommand_from create list revoke' -a revoke -d 'End a key'

complete -c bioctl -n '__fish_seen_subcommand_from audit; and not __fish_seen_subcommand_from list verify' -a list -d 'List what was changed, by whom and from where'
complete -c bioctl -n '__fish_seen_subcommand_from audit; and not __fish_seen_subcommand_from list verify' -a verify -d 'Check that no row was edited, added or removed'

complete -c bioctl -n '__fish_seen_subcommand_from models; and not __fish_seen_subcommand_from list verify import install use remove' -a list -d 'List the models'
complete -c bioctl -n '__fish_seen_subcommand_from models; and not __fish_seen_subcommand_from list verify import install use remove' -a verify -d 'Compare the models with their digests'
complete -c bioctl -n '__fish_seen_subcommand_from models; and not __fish_seen_subcommand_from list verify import install use remove' -a import -d 'Add a model from a file'
complete -c bioctl -n '__fish_seen_subcommand_from models; and not __fish_seen_subcommand_from list verify import install use remove' -a install -d 'Download a model and add it'
complete -c bioctl -n '__fish_seen_subcommand_from models; and not __fish_seen_subcommand_from list verify import install use remove' -a use -d 'Make a model the active one of its kind'
complete -c bioctl -n '__fish_seen_subcommand_from models; and not __fish_seen_subcommand_from list verify import install use remove' -a remove -d 'Delete an imported model'

complete -c bioctl -n '__fish_seen_subcommand_from config; and not __fish_seen_subcommand_from show get set unset path' -a show -d 'Print every setting and where its value comes from'
complete -c bioctl -n '__fish_seen_subcommand_from config; and not __fish_seen_subcommand_from show get set unset path' -a get -d 'Print the value of one setting'
complete -c bioctl -n '__fish_seen_subcommand_from config; and not __fish_seen_subcommand_from show get set unset path' -a set -d 'Write a setting into a configuration file'
complete -c bioctl -n '__fish_seen_subcommand_from config; and not __fish_seen_subcommand_from show get set unset path' -a unset -d 'Remove a setting from a configuration file'
complete -c bioctl -n '__fish_seen_subcommand_from config; and not __fish_seen_subcommand_from show get set unset path' -a path -d 'List the configuration files, strongest first'

complete -c bioctl -n '__fish_seen_subcommand_from generate; and not __fish_seen_subcommand_from man completions' -a man -d 'Write synopsis and options into the man pages of a folder'
complete -c bioctl -n '__fish_seen_subcommand_from generate; and not __fish_seen_subcommand_from man completions' -a completions -d 'Write the completions of bash, zsh and fish into a folder'

complete -c bioctl -n '__fish_seen_subcommand_from enroll' -l id -x -a '(__bioctl_people)' -d 'Who it is: an employee number, a user name'
complete -c bioctl -n '__fish_seen_subcommand_from enroll' -l name -x -d 'The person\'s name for tables and pictures'
complete -c bioctl -n '__fish_seen_subcommand_from enroll' -l at -x -d 'Take the face at this pixel of a group photo'
complete -c bioctl -n '__fish_seen_subcommand_from enroll' -l modality -x -a 'face palm' -d 'What the photos show'
complete -c bioctl -n '__fish_seen_subcommand_from enroll' -l faces -x -a 'one largest all' -d 'Which faces of a photo to enroll: none unless it is one, the largest, or all'
complete -c bioctl -n '__fish_seen_subcommand_from enroll' -l no-crop -d 'Keep no portrait'
complete -c bioctl -n '__fish_seen_subcommand_from enroll' -l min-quality -x -d 'Least quality of a face or palm to enroll, 0 to 1'
complete -c bioctl -n '__fish_seen_subcommand_from enroll' -l on-duplicate -x -a 'warn reject allow' -d 'What to do with a face or palm that looks like another person\'s'
complete -c bioctl -n '__fish_seen_subcommand_from enroll' -s j -l jobs -x -d 'Photos worked on at once; 0 is the number of cores'
complete -c bioctl -n '__fish_seen_subcommand_from enroll' -l max-bytes -x -d 'Largest photo file that is read'
complete -c bioctl -n '__fish_seen_subcommand_from enroll' -l max-pixels -x -d 'Most pixels a photo may have'
complete -c bioctl -n '__fish_seen_subcommand_from enroll' -r -F

complete -c bioctl -n '__fish_seen_subcommand_from bulk-enroll' -l manifest -r -F -d 'CSV or NDJSON with id, name and path of each photo; - is stdin'
complete -c bioctl -n '__fish_seen_subcommand_from bulk-enroll' -l root -x -a '(__fish_complete_directories)' -d 'Where the manifest\'s relative paths begin: its own folder, unless given'
complete -c bioctl -n '__fish_seen_subcommand_from bulk-enroll' -l prune -d 'Remove what is enrolled from this folder or root but no longer in it'
complete -c bioctl -n '__fish_seen_subcommand_from bulk-enroll' -s n -l dry-run -d 'Write nothing, say what would be done'
complete -c bioctl -n '__fish_seen_subcommand_from bulk-enroll' -l max-errors -x -d 'Stop after so many rejected photos; 0 is never'
complete -c bioctl -n '__fish_seen_subcommand_from bulk-enroll' -l modality -x -a 'face palm' -d 'What the photos show'
complete -c bioctl -n '__fish_seen_subcommand_from bulk-enroll' -l faces -x -a 'one largest all' -d 'Which faces of a photo to enroll: none unless it is one, the largest, or all'
complete -c bioctl -n '__fish_seen_subcommand_from bulk-enroll' -l no-crop -d 'Keep no portrait'
complete -c bioctl -n '__fish_seen_subcommand_from bulk-enroll' -l min-quality -x -d 'Least quality of a face or palm to enroll, 0 to 1'
complete -c bioctl -n '__fish_seen_subcommand_from bulk-enroll' -l on-duplicate -x -a 'warn reject allow' -d 'What to do with a face or palm that looks like another person\'s'
complete -c bioctl -n '__fish_seen_subcommand_from bulk-enroll' -s j -l jobs -x -d 'Photos worked on at once; 0 is the number of cores'
complete -c bioctl -n '__fish_seen_subcommand_from bulk-enroll' -l max-bytes -x -d 'Largest photo file that is read'
complete -c bioctl -n '__fish_seen_subcommand_from bulk-enroll' -l max-pixels -x -d 'Most pixels a photo may have'
complete -c bioctl -n '__fish_seen_subcommand_from bulk-enroll' -x -a '(__fish_complete_directories)'

complete -c bioctl -n '__fish_seen_subcommand_from recognize' -l from -r -F -d 'List of photos, one a line; - is stdin'
complete -c bioctl -n '__fish_seen_subcommand_from recognize' -l from0 -r -F -d 'List of photos, each ended by NUL (find -print0); - is stdin'
complete -c bioctl -n '__fish_seen_subcommand_from recognize' -l top -x -d 'Most candidates to show for each face'
complete -c bioctl -n '__fish_seen_subcommand_from recognize' -l annotate -x -a '(__fish_complete_directories)' -d 'Write the photos with boxes and names into this folder; with palms also the outline'
complete -c bioctl -n '__fish_seen_subcommand_from recognize' -l fail-unknown -d 'Exit 1 also if anybody is unknown, or a photo shows nobody'
complete -c bioctl -n '__fish_seen_subcommand_from recognize' -l modality -x -a 'face palm auto' -d 'What the photos show'
complete -c bioctl -n '__fish_seen_subcommand_from recognize' -s t -l threshold -x -d 'Largest distance that counts as the same face; unset: measured for the models in use'
complete -c bioctl -n '__fish_seen_subcommand_from recognize' -l palm-threshold -x -d 'Largest distance, 0 to 1, that counts as the same palm; unset: as measured'
complete -c bioctl -n '__fish_seen_subcommand_from recognize' -l margin -x -d 'How much nearer than the next person a match must be'
complete -c bioctl -n '__fish_seen_subcommand_from recognize' -l metric -x -a 'unit l2' -d 'Distance of unit-length vectors on the old scale, or the plain one'
complete -c bioctl -n '__fish_seen_subcommand_from recognize' -s j -l jobs -x -d 'Photos worked on at once; 0 is the number of cores'
complete -c bioctl -n '__fish_seen_subcommand_from recognize' -l max-bytes -x -d 'Largest photo file that is read'
complete -c bioctl -n '__fish_seen_subcommand_from recognize' -l max-pixels -x -d 'Most pixels a photo may have'
complete -c bioctl -n '__fish_seen_subcommand_from recognize' -r -F

complete -c bioctl -n '__fish_seen_subcommand_from watch' -l source-file -r -F -d 'File (mode 0600) with the address, for one that holds a password'
complete -c bioctl -n '__fish_seen_subcommand_from watch' -l fps -x -d 'Frames looked at in a second, at most [5; with --server 1.43]'
complete -c bioctl -n '__fish_seen_subcommand_from watch' -l input-fps -x -d 'Frames a second that were recorded: of a folder [as --fps], of standard input [live]'
complete -c bioctl -n '__fish_seen_subcommand_from watch' -l start -x -d 'When the recording began: \'2026-11-21 07:15\', 2h [now]'
complete -c bioctl -n '__fish_seen_subcommand_from watch' -l once -d 'End when the camera sends no more, instead of connecting again'
complete -c bioctl -n '__fish_seen_subcommand_from watch' -l stall -x -d 'Seconds without a frame after which a camera is connected again'
complete -c bioctl -n '__fish_seen_subcommand_from watch' -l name -x -d 'What the source is called in events [from SOURCE]'
complete -c bioctl -n '__fish_seen_subcommand_from watch' -l gone -x -d 'Seconds unseen after which a visit is over'
complete -c bioctl -n '__fish_seen_subcommand_from watch' -l unknown -d 'Also report faces that nobody is enrolled with'
complete -c bioctl -n '__fish_seen_subcommand_from watch' -l picture -x -a 'none face frame' -d 'Keep a picture with each event: of the face, or the whole frame'
complete -c bioctl -n '__fish_seen_subcommand_from watch' -l annotate -x -a '(__fish_complete_directories)' -d 'Write the frames with boxes and names into this folder'
complete -c bioctl -n '__fish_seen_subcommand_from watch' -l no-deliver -d 'Leave the deliveries to another run'
complete -c bioctl -n '__fish_seen_subcommand_from watch' -s n -l dry-run -d 'Store no events and send nothing'
complete -c bioctl -n '__fish_seen_subcommand_from watch' -l server -x -d 'Let this bioctl server look at the frames, instead of doing it here'
complete -c bioctl -n '__fish_seen_subcommand_from watch' -l key-file -r -F -d 'File (mode 0600) with the API key for --server; - is standard input'
complete -c bioctl -n '__fish_seen_subcommand_from watch' -s t -l threshold -x -d 'Largest distance that counts as the same face; unset: measured for the models in use'
complete -c bioctl -n '__fish_seen_subcommand_from watch' -l margin -x -d 'How much nearer than the next person a match must be'
complete -c bioctl -n '__fish_seen_subcommand_from watch' -l metric -x -a 'unit l2' -d 'Distance of unit-length vectors on the old scale, or the plain one'
complete -c bioctl -n '__fish_seen_subcommand_from watch' -l max-bytes -x -d 'Largest photo file that is read'
complete -c bioctl -n '__fish_seen_subcommand_from watch' -l max-pixels -x -d 'Most pixels a photo may have'

complete -c bioctl -n '__fish_seen_subcommand_from compare' -l id -x -a '(__bioctl_people)' -d 'Compare with this enrolled person instead'
complete -c bioctl -n '__fish_seen_subcommand_from compare' -l modality -x -a 'face palm' -d 'What the photos show'
complete -c bioctl -n '__fish_seen_subcommand_from compare' -s t -l threshold -x -d 'Largest distance that counts as the same face; unset: measured for the models in use'
complete -c bioctl -n '__fish_seen_subcommand_from compare' -l palm-threshold -x -d 'Largest distance, 0 to 1, that counts as the same palm; unset: as measured'
complete -c bioctl -n '__fish_seen_subcommand_from compare' -l metric -x -a 'unit l2' -d 'Distance of unit-length vectors on the old scale, or the plain one'
complete -c bioctl -n '__fish_seen_subcommand_from compare' -l max-bytes -x -d 'Largest photo file that is read'
complete -c bioctl -n '__fish_seen_subcommand_from compare' -l max-pixels -x -d 'Most pixels a photo may have'
complete -c bioctl -n '__fish_seen_subcommand_from compare' -r -F
complete -c bioctl -n '__fish_seen_subcommand_from compare' -r -F

complete -c bioctl -n '__fish_seen_subcommand_from people; and __fish_seen_subcommand_from list' -l modality -x -a 'face palm' -d 'Only people with a template of it'

complete -c bioctl -n '__fish_seen_subcommand_from people; and __fish_seen_subcommand_from show' -x -a '(__bioctl_people)'

complete -c bioctl -n '__fish_seen_subcommand_from people; and __fish_seen_subcommand_from rename' -l name -x -d 'New name; an empty one removes it'
complete -c bioctl -n '__fish_seen_subcommand_from people; and __fish_seen_subcommand_from rename' -l id -x -a '(__bioctl_people)' -d 'New id, which nobody has yet'
complete -c bioctl -n '__fish_seen_subcommand_from people; and __fish_seen_subcommand_from rename' -s n -l dry-run -d 'Change nothing, say what would change'
complete -c bioctl -n '__fish_seen_subcommand_from people; and __fish_seen_subcommand_from rename' -x -a '(__bioctl_people)'

complete -c bioctl -n '__fish_seen_subcommand_from people; and __fish_seen_subcommand_from remove' -s y -l yes -d 'Do not ask'
complete -c bioctl -n '__fish_seen_subcommand_from people; and __fish_seen_subcommand_from remove' -s n -l dry-run -d 'Remove nothing, say what would go'
complete -c bioctl -n '__fish_seen_subcommand_from people; and __fish_seen_subcommand_from remove' -x -a '(__bioctl_people)'

complete -c bioctl -n '__fish_seen_subcommand_from people; and __fish_seen_subcommand_from merge' -s t -l threshold -x -d 'Distance up to which two faces look alike'
complete -c bioctl -n '__fish_seen_subcommand_from people; and __fish_seen_subcommand_from merge' -l palm-threshold -x -d 'The same for two people without a face'
complete -c bioctl -n '__fish_seen_subcommand_from people; and __fish_seen_subcommand_from merge' -s y -l yes -d 'Do not ask'
complete -c bioctl -n '__fish_seen_subcommand_from people; and __fish_seen_subcommand_from merge' -s n -l dry-run -d 'Change nothing, say what would change'
complete -c bioctl -n '__fish_seen_subcommand_from people; and __fish_seen_subcommand_from merge' -x -a '(__bioctl_people)'
complete -c bioctl -n '__fish_seen_subcommand_from people; and __fish_seen_subcommand_from merge' -x -a '(__bioctl_people)'

complete -c bioctl -n '__fish_seen_subcommand_from people; and __fish_seen_subcommand_from import' -l npy -x -a '(__fish_complete_directories)' -d 'Folder of <id>.npy files, the old service\'s data/embeddings'
complete -c bioctl -n '__fish_seen_subcommand_from people; and __fish_seen_subcommand_from import' -s n -l dry-run -d 'Import nothing, say what would be imported'
complete -c bioctl -n '__fish_seen_subcommand_from people; and __fish_seen_subcommand_from import' -r -F

complete -c bioctl -n '__fish_seen_subcommand_from people; and __fish_seen_subcommand_from export' -l npy -x -a '(__fish_complete_directories)' -d 'Write <id>.npy files into this folder'
complete -c bioctl -n '__fish_seen_subcommand_from people; and __fish_seen_subcommand_from export' -s f -l force -d 'Overwrite files that are there'
complete -c bioctl -n '__fish_seen_subcommand_from people; and __fish_seen_subcommand_from export' -r -F

complete -c bioctl -n '__fish_seen_subcommand_from people; and __fish_seen_subcommand_from reembed' -s n -l dry-run -d 'Write nothing; say which decisions would change'
complete -c bioctl -n '__fish_seen_subcommand_from people; and __fish_seen_subcommand_from reembed' -l remove-failed -d 'Delete the templates that cannot be embedded again'
complete -c bioctl -n '__fish_seen_subcommand_from people; and __fish_seen_subcommand_from reembed' -s y -l yes -d 'Do not ask before --remove-failed'
complete -c bioctl -n '__fish_seen_subcommand_from people; and __fish_seen_subcommand_from reembed' -s j -l jobs -x -d 'Photos worked on at once; 0 is the number of cores'
complete -c bioctl -n '__fish_seen_subcommand_from people; and __fish_seen_subcommand_from reembed' -s t -l threshold -x -d 'Largest distance that counts as the same face; unset: measured for the models in use'

complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from add' -l user -x -d 'User of the device'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from add' -l password-file -r -F -d 'File (mode 0600) with its password; - is standard input'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from add' -l location -x -d 'Where it hangs'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from add' -l tag -x -d 'Tag; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from add' -l tls -x -a 'ca pin off' -d 'Whom to believe over https: a known authority, one public key, or anybody'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from add' -l pin -x -a 'busy_timeout cors_origins data_dir device_offline_after device_warning_after event_cooldown jobs log_level map_attribution map_tiles margin max_bytes max_pixels metric min_quality models_dir on_duplicate palm_threshold ping_down ping_group_rules ping_guards ping_up recognized_minors threshold timezone webhook_key_file webhook_url' -d 'Public key of the device for --tls pin: sha256//BASE64'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from add' -l window -x -a 'device none utc' -d 'How times of a search are written: in the device\'s offset, without one, in UTC'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from add' -l reuse-nonce -l fresh-nonce -d 'Log in once for several requests: faster, but some firmware refuses it'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from add' -l disabled -d 'Do not sync it yet'

complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from list' -s a -l all -d 'Also the sources of recognised faces that are no terminals, such as cameras'

complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from show' -l transitions -x -d 'How many changes of its state to list'

complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from edit' -l name -x -d 'Another name'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from edit' -l url -x -d 'Another address'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from edit' -l user -x -d 'User of the device'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from edit' -l password-file -r -F -d 'File (mode 0600) with its password; - is standard input'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from edit' -l location -x -d 'Where it hangs'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from edit' -l tag -x -d 'Tag; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from edit' -l tls -x -a 'ca pin off' -d 'Whom to believe over https: a known authority, one public key, or anybody'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from edit' -l pin -x -a 'busy_timeout cors_origins data_dir device_offline_after device_warning_after event_cooldown jobs log_level map_attribution map_tiles margin max_bytes max_pixels metric min_quality models_dir on_duplicate palm_threshold ping_down ping_group_rules ping_guards ping_up recognized_minors threshold timezone webhook_key_file webhook_url' -d 'Public key of the device for --tls pin: sha256//BASE64'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from edit' -l window -x -a 'device none utc' -d 'How times of a search are written: in the device\'s offset, without one, in UTC'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from edit' -l reuse-nonce -l fresh-nonce -d 'Log in once for several requests: faster, but some firmware refuses it'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from edit' -l replace -d 'Another terminal has taken its place: forget the serial number, keep the events'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from edit' -s n -l dry-run -d 'Change nothing, say whether it would work'

complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from remove' -s y -l yes -d 'Do not ask'



complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from check' -l force -d 'Log in although a wrong password has stopped the logins'

complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from listen' -l url -x -d 'Where it is to push its events: http://192.0.2.5:8080/hik/gate-1; without, show where it does'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from listen' -l server -x -d 'The same for `bioctl serve`, with a path that nobody guesses: http://192.0.2.5:8080'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from listen' -l off -d 'Let it push to nobody'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from listen' -l force -d 'Take the place of another listener'

complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from push-people' -l device -x -d 'Only to this device; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from push-people' -l only -x -a '(__bioctl_people)' -d 'Only this person; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from push-people' -l prune -d 'Remove from the devices whom bioctl has put there and who is no longer enrolled'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from push-people' -l prune-all -d 'Remove from the devices everybody who is not enrolled'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from push-people' -s y -l yes -d 'Do not ask before --prune-all'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from push-people' -l again -d 'Send also faces that the devices have taken already'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from push-people' -s j -l jobs -x -d 'Devices at once'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from push-people' -s n -l dry-run -d 'Change nothing, say what would be done'

complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from import' -l password-file -r -F -d 'Password of the new devices whose line has none'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from import' -s n -l dry-run -d 'Change nothing, say what would be done'
complete -c bioctl -n '__fish_seen_subcommand_from devices; and __fish_seen_subcommand_from import' -r -F


complete -c bioctl -n '__fish_seen_subcommand_from sync-hikvision' -l device -x -d 'Only this device; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from sync-hikvision' -l since -x -d 'Read again from this time on: 2026-11-21, 2h, 3d'
complete -c bioctl -n '__fish_seen_subcommand_from sync-hikvision' -l until -x -d 'Leave events after this time for later'
complete -c bioctl -n '__fish_seen_subcommand_from sync-hikvision' -s j -l jobs -x -d 'Devices at once'
complete -c bioctl -n '__fish_seen_subcommand_from sync-hikvision' -l no-pictures -d 'Leave the pictures for another run'
complete -c bioctl -n '__fish_seen_subcommand_from sync-hikvision' -l no-deliver -d 'Leave the deliveries for another run'
complete -c bioctl -n '__fish_seen_subcommand_from sync-hikvision' -l verify-faces -d 'Compare each picture with the templates of the person that the device named'
complete -c bioctl -n '__fish_seen_subcommand_from sync-hikvision' -s f -l follow -d 'Run as a service, until SIGTERM'
complete -c bioctl -n '__fish_seen_subcommand_from sync-hikvision' -l interval -x -d 'Seconds between two passes over a device, with --follow'
complete -c bioctl -n '__fish_seen_subcommand_from sync-hikvision' -s n -l dry-run -d 'Ask the devices, store no events and send nothing'
complete -c bioctl -n '__fish_seen_subcommand_from sync-hikvision' -l limit -x -d 'At most so many events of a device in one pass, rounded up to a page'

complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from list' -l device -x -d 'Of this device; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from list' -l location -x -d 'Of devices at this place; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from list' -l person -x -a '(__bioctl_people)' -d 'Of this person id or employee number'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from list' -l since -x -d 'From this time on: 2026-11-21, \'2026-11-21 07:15\', 2h, today'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from list' -l until -x -d 'Before this time'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from list' -l kind -x -a 'recognized other' -d 'Only faces that were recognised, or only the rest'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from list' -l delivery -x -a 'none pending sent failed skipped dropped' -d 'By what became of the delivery'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from list' -l picture -x -a 'none pending stored gone failed' -d 'By what became of the picture'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from list' -l verdict -x -a 'same different no_face no_template unreadable' -d 'By what --verify-faces found'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from list' -l limit -x -d 'At most so many, the oldest unless --newest; 0 is all'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from list' -l newest -d 'Newest first'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from list' -l raw -d 'With --json: also what the device sent'


complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from export' -l device -x -d 'Of this device; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from export' -l location -x -d 'Of devices at this place; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from export' -l person -x -a '(__bioctl_people)' -d 'Of this person id or employee number'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from export' -l since -x -d 'From this time on: 2026-11-21, \'2026-11-21 07:15\', 2h, today'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from export' -l until -x -d 'Before this time'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from export' -l kind -x -a 'recognized other' -d 'Only faces that were recognised, or only the rest'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from export' -l delivery -x -a 'none pending sent failed skipped dropped' -d 'By what became of the delivery'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from export' -l picture -x -a 'none pending stored gone failed' -d 'By what became of the picture'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from export' -l verdict -x -a 'same different no_face no_template unreadable' -d 'By what --verify-faces found'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from export' -l limit -x -d 'At most so many, the oldest unless --newest; 0 is all'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from export' -l newest -d 'Newest first'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from export' -l format -x -a 'csv ndjson' -d 'Comma-separated with a header, or one JSON object a line'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from export' -l raw -d 'Also what the device sent'

complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from resend' -l target -x -d 'Only to this target'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from resend' -l device -x -d 'Of this device; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from resend' -l location -x -d 'Of devices at this place; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from resend' -l person -x -a '(__bioctl_people)' -d 'Of this person id or employee number'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from resend' -l since -x -d 'From this time on: 2026-11-21, \'2026-11-21 07:15\', 2h, today'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from resend' -l until -x -d 'Before this time'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from resend' -l kind -x -a 'recognized other' -d 'Only faces that were recognised, or only the rest'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from resend' -l delivery -x -a 'none pending sent failed skipped dropped' -d 'By what became of the delivery'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from resend' -l picture -x -a 'none pending stored gone failed' -d 'By what became of the picture'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from resend' -l verdict -x -a 'same different no_face no_template unreadable' -d 'By what --verify-faces found'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from resend' -l limit -x -d 'At most so many, the oldest unless --newest; 0 is all'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from resend' -l newest -d 'Newest first'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from resend' -s y -l yes -d 'Do not ask'

complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from stats' -l device -x -d 'Of this device; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from stats' -l location -x -d 'Of devices at this place; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from stats' -l person -x -a '(__bioctl_people)' -d 'Of this person id or employee number'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from stats' -l since -x -d 'From this time on: 2026-11-21, \'2026-11-21 07:15\', 2h, today'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from stats' -l until -x -d 'Before this time'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from stats' -l kind -x -a 'recognized other' -d 'Only faces that were recognised, or only the rest'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from stats' -l delivery -x -a 'none pending sent failed skipped dropped' -d 'By what became of the delivery'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from stats' -l picture -x -a 'none pending stored gone failed' -d 'By what became of the picture'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from stats' -l verdict -x -a 'same different no_face no_template unreadable' -d 'By what --verify-faces found'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from stats' -l limit -x -d 'At most so many, the oldest unless --newest; 0 is all'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from stats' -l newest -d 'Newest first'

complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from prune' -l before -x -d 'Delete events before this time with their pictures: 2026-01-01, 90d'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from prune' -l pictures-before -x -d 'Delete only the pictures of events before this time'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from prune' -l max-pictures -x -d 'Delete the oldest pictures until the rest takes no more than this'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from prune' -s y -l yes -d 'Do not ask'
complete -c bioctl -n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from prune' -s n -l dry-run -d 'Delete nothing, say what would go'

complete -c bioctl -n '__fish_seen_subcommand_from targets; and __fish_seen_subcommand_from add' -l format -x -a 'presence attendance event template telegram mail exec' -d 'What is sent, see FORMATS in the manual'
complete -c bioctl -n '__fish_seen_subcommand_from targets; and __fish_seen_subcommand_from add' -l template -r -F -d 'File with the JSON body for --format template'
complete -c bioctl -n '__fish_seen_subcommand_from targets; and __fish_seen_subcommand_from add' -l picture -x -a 'none base64 multipart' -d 'Send the picture: in the JSON, as a part of a form, or not'
complete -c bioctl -n '__fish_seen_subcommand_from targets; and __fish_seen_subcommand_from add' -l token-file -r -F -d 'File (mode 0600) with the bearer token, the bot\'s token or the mail password; - is standard input'
complete -c bioctl -n '__fish_seen_subcommand_from targets; and __fish_seen_subcommand_from add' -l hmac-key-file -r -F -d 'File (mode 0600) with the key that bodies are signed with'
complete -c bioctl -n '__fish_seen_subcommand_from targets; and __fish_seen_subcommand_from add' -l device -x -d 'Only events of this device; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from targets; and __fish_seen_subcommand_from add' -l location -x -d 'Only events of this place; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from targets; and __fish_seen_subcommand_from add' -l kind -x -a 'recognized sighting other device notification' -d 'What to send; may be given several times; sighting: recognized, but by no terminal; device: a device has changed its state'
complete -c bioctl -n '__fish_seen_subcommand_from targets; and __fish_seen_subcommand_from add' -l cooldown -x -d 'Send a person at most once in so many seconds'
complete -c bioctl -n '__fish_seen_subcommand_from targets; and __fish_seen_subcommand_from add' -l timeout -x -d 'Seconds to wait for an answer'
complete -c bioctl -n '__fish_seen_subcommand_from targets; and __fish_seen_subcommand_from add' -l quiet-hours -x -a 'HOURS off' -d 'Let notifications wait in these hours, local time: 22:00-06:00; off'
complete -c bioctl -n '__fish_seen_subcommand_from targets; and __fish_seen_subcommand_from add' -l after -x -d 'Notify only of what is still true after so long: 30s, 10m, 2h'


complete -c bioctl -n '__fish_seen_subcommand_from targets; and __fish_seen_subcommand_from edit' -l name -x -d 'Another name'
complete -c bioctl -n '__fish_seen_subcommand_from targets; and __fish_seen_subcommand_from edit' -l url -x -d 'Another address'
complete -c bioctl -n '__fish_seen_subcommand_from targets; and __fish_seen_subcommand_from edit' -l format -x -a 'presence attendance event template telegram mail exec' -d 'What is sent, see FORMATS in the manual'
complete -c bioctl -n '__fish_seen_subcommand_from targets; and __fish_seen_subcommand_from edit' -l template -r -F -d 'File with the JSON body for --format template'
complete -c bioctl -n '__fish_seen_subcommand_from targets; and __fish_seen_subcommand_from edit' -l picture -x -a 'none base64 multipart' -d 'Send the picture: in the JSON, as a part of a form, or not'
complete -c bioctl -n '__fish_seen_subcommand_from targets; and __fish_seen_subcommand_from edit' -l token-file -r -F -d 'File (mode 0600) with the bearer token, the bot\'s token or the mail password; - is standard input'
complete -c bioctl -n '__fish_seen_subcommand_from targets; and __fish_seen_subcommand_from edit' -l hmac-key-file -r -F -d 'File (mode 0600) with the key that bodies are signed with'
complete -c bioctl -n '__fish_seen_subcommand_from targets; and __fish_seen_subcommand_from edit' -l device -x -d 'Only events of this device; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from targets; and __fish_seen_subcommand_from edit' -l location -x -d 'Only events of this place; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from targets; and __fish_seen_subcommand_from edit' -l kind -x -a 'recognized sighting other device notification' -d 'What to send; may be given several times; sighting: recognized, but by no terminal; device: a device has changed its state'
complete -c bioctl -n '__fish_seen_subcommand_from targets; and __fish_seen_subcommand_from edit' -l cooldown -x -d 'Send a person at most once in so many seconds'
complete -c bioctl -n '__fish_seen_subcommand_from targets; and __fish_seen_subcommand_from edit' -l timeout -x -d 'Seconds to wait for an answer'
complete -c bioctl -n '__fish_seen_subcommand_from targets; and __fish_seen_subcommand_from edit' -l quiet-hours -x -a 'HOURS off' -d 'Let notifications wait in these hours, local time: 22:00-06:00; off'
complete -c bioctl -n '__fish_seen_subcommand_from targets; and __fish_seen_subcommand_from edit' -l after -x -d 'Notify only of what is still true after so long: 30s, 10m, 2h'
complete -c bioctl -n '__fish_seen_subcommand_from targets; and __fish_seen_subcommand_from edit' -l enable -l disable -d 'Queue events for it, or not'

complete -c bioctl -n '__fish_seen_subcommand_from targets; and __fish_seen_subcommand_from remove' -s y -l yes -d 'Do not ask'

complete -c bioctl -n '__fish_seen_subcommand_from outbox; and __fish_seen_subcommand_from list' -l target -x -d 'Only to this target; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from outbox; and __fish_seen_subcommand_from list' -l state -x -a 'pending sent failed skipped dropped' -d 'Only in this state; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from outbox; and __fish_seen_subcommand_from list' -l limit -x -d 'At most so many, the oldest first; 0 is all'

complete -c bioctl -n '__fish_seen_subcommand_from outbox; and __fish_seen_subcommand_from retry' -l target -x -d 'Only to this target; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from outbox; and __fish_seen_subcommand_from retry' -l state -x -a 'pending sent failed skipped dropped' -d 'Only in this state; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from outbox; and __fish_seen_subcommand_from retry' -s y -l yes -d 'Do not ask'

complete -c bioctl -n '__fish_seen_subcommand_from outbox; and __fish_seen_subcommand_from flush' -l patience -x -d 'Also wait for what is to be tried again within so many seconds'

complete -c bioctl -n '__fish_seen_subcommand_from outbox; and __fish_seen_subcommand_from drop' -l target -x -d 'Only to this target; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from outbox; and __fish_seen_subcommand_from drop' -l state -x -a 'pending sent failed skipped dropped' -d 'Only in this state; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from outbox; and __fish_seen_subcommand_from drop' -s y -l yes -d 'Do not ask'


complete -c bioctl -n '__fish_seen_subcommand_from ping-onts' -s f -l from -r -F -d 'File with a host on each line; - is standard input'
complete -c bioctl -n '__fish_seen_subcommand_from ping-onts' -s g -l generate -d 'Ping every address of a network: -g 10.0.0.0/22, -g 10.0.0.1 10.0.0.9'
complete -c bioctl -n '__fish_seen_subcommand_from ping-onts' -s 4 -l ipv4 -d 'Look names up as IPv4 only'
complete -c bioctl -n '__fish_seen_subcommand_from ping-onts' -s 6 -l ipv6 -d 'Look names up as IPv6 only'
complete -c bioctl -n '__fish_seen_subcommand_from ping-onts' -s a -l alive -d 'Print those that are alive, by name only'
complete -c bioctl -n '__fish_seen_subcommand_from ping-onts' -s u -l unreachable -d 'Print those that are not, by name only'
complete -c bioctl -n '__fish_seen_subcommand_from ping-onts' -s e -l elapsed -d 'Add the round-trip time'
complete -c bioctl -n '__fish_seen_subcommand_from ping-onts' -s s -l stats -d 'Print totals at the end, on stderr'
complete -c bioctl -n '__fish_seen_subcommand_from ping-onts' -s c -l count -x -d 'Send so many probes to each, tell of each; --quiet: only of the whole'
complete -c bioctl -n '__fish_seen_subcommand_from ping-onts' -s C -l vcount -x -d 'The same, and list every round-trip time'
complete -c bioctl -n '__fish_seen_subcommand_from ping-onts' -s r -l retry -x -d 'Further probes to who is silent'
complete -c bioctl -n '__fish_seen_subcommand_from ping-onts' -s t -l timeout -x -d 'Milliseconds to wait for an answer: 500, with -c as --period'
complete -c bioctl -n '__fish_seen_subcommand_from ping-onts' -s B -l backoff -x -d 'Each retry waits longer by this factor'
complete -c bioctl -n '__fish_seen_subcommand_from ping-onts' -s p -l period -x -d 'Milliseconds from one probe to a host to the next, with -c and -C'
complete -c bioctl -n '__fish_seen_subcommand_from ping-onts' -l rate -x -d 'Probes a second to all hosts together; 0 is as fast as it goes'
complete -c bioctl -n '__fish_seen_subcommand_from ping-onts' -s i -l spacing -x -d 'The same as milliseconds from one probe to the next'
complete -c bioctl -n '__fish_seen_subcommand_from ping-onts' -s b -l size -x -d 'Bytes of payload'
complete -c bioctl -n '__fish_seen_subcommand_from ping-onts' -s H -l ttl -x -d 'Most routers to pass'
complete -c bioctl -n '__fish_seen_subcommand_from ping-onts' -s S -l src -x -d 'Address to send from'
complete -c bioctl -n '__fish_seen_subcommand_from ping-onts' -l once -d 'One round over the ONTs of the store, for cron'
complete -c bioctl -n '__fish_seen_subcommand_from ping-onts' -l follow -d 'Round after round, as a service, until SIGTERM'
complete -c bioctl -n '__fish_seen_subcommand_from ping-onts' -l interval -x -d 'Seconds from one round to the next'
complete -c bioctl -n '__fish_seen_subcommand_from ping-onts' -l ont -x -d 'Only this ONT, by id, customer id or name; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from ping-onts' -l group -x -d 'Only those with this tag; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from ping-onts' -l location -x -d 'Only those at this place; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from ping-onts' -l guard -x -d 'Address that always answers, unless this machine is cut off; several: one is enough'
complete -c bioctl -n '__fish_seen_subcommand_from ping-onts' -l down -x -d 'Down is who lost N of the last M samples'
complete -c bioctl -n '__fish_seen_subcommand_from ping-onts' -l up -x -d 'Up again is who answered K of the last L'
complete -c bioctl -n '__fish_seen_subcommand_from ping-onts' -l parent-rate -x -d 'Probes a second to all below one parent; 0 is no limit of its own'
complete -c bioctl -n '__fish_seen_subcommand_from ping-onts' -l hotspot -d 'Count the hotspot users of the routers as well'
complete -c bioctl -n '__fish_seen_subcommand_from ping-onts' -l no-deliver -d 'Leave what is to be sent for another run'

complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from add' -l customer-id -x -a '(__bioctl_people)' -d 'Number of the customer; no two ONTs have the same'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from add' -l location -x -d 'Where it is: a village, a street'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from add' -l ip -l host -x -d 'Address or host name to ping; without one it is not pinged'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from add' -l latitude -x -d 'Degrees: -7.7956, \'7.7956 S\', 7°47\'44" S'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from add' -l longitude -x -d 'Degrees: 110.3695, \'110.3695 E\''
complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from add' -l parent -x -d 'What it hangs on: id, customer id or name of an OLT, a switch or an ONT'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from add' -l kind -x -a 'ont olt switch' -d 'What it is'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from add' -l group -x -d 'Tag; may be given several times; one \'\' takes all away'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from add' -l enable -l disable -d 'Ping it, or not'

complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from list' -l group -x -d 'With this tag'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from list' -l location -x -d 'At this location'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from list' -l parent -x -d 'Right below this one'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from list' -l state -x -a 'up down unknown flapping disabled' -d 'As the last round found them'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from list' -l kind -x -a 'ont olt switch' -d 'Of this kind'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from list' -l search -x -d 'With this in name, customer id, location, address or a tag'


complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from edit' -l name -x -d 'Another name'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from edit' -l customer-id -x -a '(__bioctl_people)' -d 'Number of the customer; no two ONTs have the same'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from edit' -l location -x -d 'Where it is: a village, a street'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from edit' -l ip -l host -x -d 'Address or host name to ping; without one it is not pinged'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from edit' -l latitude -x -d 'Degrees: -7.7956, \'7.7956 S\', 7°47\'44" S'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from edit' -l longitude -x -d 'Degrees: 110.3695, \'110.3695 E\''
complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from edit' -l parent -x -d 'What it hangs on: id, customer id or name of an OLT, a switch or an ONT'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from edit' -l kind -x -a 'ont olt switch' -d 'What it is'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from edit' -l group -x -d 'Tag; may be given several times; one \'\' takes all away'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from edit' -l enable -l disable -d 'Ping it, or not'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from edit' -s n -l dry-run -d 'Change nothing, say whether it would work'

complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from remove' -s y -l yes -d 'Do not ask'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from remove' -s n -l dry-run -d 'Remove nothing, say what would be'

complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from import' -l map -x -d 'What a column is: id, customer_id, name, location, latitude, longitude, ip, parent, kind, tags, enabled, or ignore; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from import' -l merge -d 'Rows with a known customer id change that ONT; without it they are bad rows'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from import' -s n -l dry-run -d 'Change nothing, say what would be done'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from import' -r -F

complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from export' -l format -x -a 'csv json wifi_sleman onts csvjson' -d 'CSV, JSON with all there is, or a file of the old services'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from export' -l force -d 'Overwrite the file'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from export' -r -F

complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from check-duplicates' -l key -x -a 'customer_id ip name coordinates id' -d 'Look for duplicates of this only; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from check-duplicates' -l map -x -d 'What a column of the file is, as for onts import'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from check-duplicates' -r -F

complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from history' -l since -x -d 'Begin: 2026-11-21, 6h, 30d'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from history' -l until -x -d 'End; now'
complete -c bioctl -n '__fish_seen_subcommand_from onts; and __fish_seen_subcommand_from history' -l by -x -a 'round 5m 1h 1d' -d 'Length of a step; chosen to fit the time asked for'

complete -c bioctl -n '__fish_seen_subcommand_from outages; and __fish_seen_subcommand_from list' -l ont -x -d 'Only of this ONT, by id, customer id or name; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from outages; and __fish_seen_subcommand_from list' -l group -x -d 'Only of those with this tag; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from outages; and __fish_seen_subcommand_from list' -l location -x -d 'Only of those at this place; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from outages; and __fish_seen_subcommand_from list' -l since -x -d 'Only what was after this time: 2026-11-21, 2h, 3d'
complete -c bioctl -n '__fish_seen_subcommand_from outages; and __fish_seen_subcommand_from list' -l until -x -d 'Only what was before this time'
complete -c bioctl -n '__fish_seen_subcommand_from outages; and __fish_seen_subcommand_from list' -l open -d 'Only those that go on'
complete -c bioctl -n '__fish_seen_subcommand_from outages; and __fish_seen_subcommand_from list' -l unacked -d 'Only those that nobody has acknowledged'
complete -c bioctl -n '__fish_seen_subcommand_from outages; and __fish_seen_subcommand_from list' -l own -d 'Leave out those below a parent\'s outage'
complete -c bioctl -n '__fish_seen_subcommand_from outages; and __fish_seen_subcommand_from list' -l limit -x -d 'At most so many, the newest; 0 is all'

complete -c bioctl -n '__fish_seen_subcommand_from outages; and __fish_seen_subcommand_from summary' -l ont -x -d 'Only of this ONT, by id, customer id or name; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from outages; and __fish_seen_subcommand_from summary' -l group -x -d 'Only of those with this tag; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from outages; and __fish_seen_subcommand_from summary' -l location -x -d 'Only of those at this place; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from outages; and __fish_seen_subcommand_from summary' -l since -x -d 'Only what was after this time: 2026-11-21, 2h, 3d'
complete -c bioctl -n '__fish_seen_subcommand_from outages; and __fish_seen_subcommand_from summary' -l until -x -d 'Only what was before this time'

complete -c bioctl -n '__fish_seen_subcommand_from outages; and __fish_seen_subcommand_from report' -l since -x -d 'Begin of the report: 2026-11-01, 30d'
complete -c bioctl -n '__fish_seen_subcommand_from outages; and __fish_seen_subcommand_from report' -l until -x -d 'End of the report; now'
complete -c bioctl -n '__fish_seen_subcommand_from outages; and __fish_seen_subcommand_from report' -l by -x -a 'ont parent location' -d 'A row for each ONT, for what they hang on, or for each place'
complete -c bioctl -n '__fish_seen_subcommand_from outages; and __fish_seen_subcommand_from report' -l ont -x -d 'Only this ONT, by id, customer id or name; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from outages; and __fish_seen_subcommand_from report' -l group -x -d 'Only those with this tag; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from outages; and __fish_seen_subcommand_from report' -l location -x -d 'Only those at this place; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from outages; and __fish_seen_subcommand_from report' -l csv -d 'Comma-separated values with a header line'
complete -c bioctl -n '__fish_seen_subcommand_from outages; and __fish_seen_subcommand_from report' -l html -r -F -d 'Write a page with charts to this file, over what is there; - is standard output'

complete -c bioctl -n '__fish_seen_subcommand_from outages; and __fish_seen_subcommand_from ack' -l all -d 'All that go on and are not acknowledged'
complete -c bioctl -n '__fish_seen_subcommand_from outages; and __fish_seen_subcommand_from ack' -l by -x -d 'Who takes note; the name of the user'
complete -c bioctl -n '__fish_seen_subcommand_from outages; and __fish_seen_subcommand_from ack' -l note -x -d 'What is done about it'

complete -c bioctl -n '__fish_seen_subcommand_from outages; and __fish_seen_subcommand_from clear' -l before -x -d 'Only those that began before this time: 2026-01-01, 90d'
complete -c bioctl -n '__fish_seen_subcommand_from outages; and __fish_seen_subcommand_from clear' -s y -l yes -d 'Do not ask'

complete -c bioctl -n '__fish_seen_subcommand_from maintenance; and __fish_seen_subcommand_from add' -l start -x -d 'Wall time at which it begins: 2026-12-01T22:00'
complete -c bioctl -n '__fish_seen_subcommand_from maintenance; and __fish_seen_subcommand_from add' -l duration -x -d 'How long it lasts: 4h, 90m, 1h30m, 2d'
complete -c bioctl -n '__fish_seen_subcommand_from maintenance; and __fish_seen_subcommand_from add' -l zone -x -d 'Time zone of the start, such as Asia/Jakarta; without it the configured one'
complete -c bioctl -n '__fish_seen_subcommand_from maintenance; and __fish_seen_subcommand_from add' -l repeat -x -a 'once daily weekly' -d 'How often it comes'
complete -c bioctl -n '__fish_seen_subcommand_from maintenance; and __fish_seen_subcommand_from add' -l until -x -d 'Last day on which it begins: 2026-12-31; without it there is none'
complete -c bioctl -n '__fish_seen_subcommand_from maintenance; and __fish_seen_subcommand_from add' -l reason -x -d 'What is done'
complete -c bioctl -n '__fish_seen_subcommand_from maintenance; and __fish_seen_subcommand_from add' -s n -l dry-run -d 'Store nothing, show the window'
complete -c bioctl -n '__fish_seen_subcommand_from maintenance; and __fish_seen_subcommand_from add' -x -a 'all ont parent location group'


complete -c bioctl -n '__fish_seen_subcommand_from maintenance; and __fish_seen_subcommand_from remove' -s y -l yes -d 'Do not ask'

complete -c bioctl -n '__fish_seen_subcommand_from notifications; and __fish_seen_subcommand_from list' -l unread -d 'Only those that nobody has read'
complete -c bioctl -n '__fish_seen_subcommand_from notifications; and __fish_seen_subcommand_from list' -l type -x -a 'success info warning error' -d 'Only of this type'
complete -c bioctl -n '__fish_seen_subcommand_from notifications; and __fish_seen_subcommand_from list' -l since -x -d 'From this time on: 2026-11-21, \'2026-11-21 07:15\', 2h, today'
complete -c bioctl -n '__fish_seen_subcommand_from notifications; and __fish_seen_subcommand_from list' -l limit -x -d 'At most so many, the newest; 0 is all'

complete -c bioctl -n '__fish_seen_subcommand_from notifications; and __fish_seen_subcommand_from add' -l type -x -a 'success info warning error' -d 'What kind of news it is'
complete -c bioctl -n '__fish_seen_subcommand_from notifications; and __fish_seen_subcommand_from add' -l send -d 'Also send it to every target that takes notifications'

complete -c bioctl -n '__fish_seen_subcommand_from notifications; and __fish_seen_subcommand_from read' -l all -d 'All of them'
complete -c bioctl -n '__fish_seen_subcommand_from notifications; and __fish_seen_subcommand_from read' -x -a '(__bioctl_people)'

complete -c bioctl -n '__fish_seen_subcommand_from notifications; and __fish_seen_subcommand_from clear' -s y -l yes -d 'Do not ask'


complete -c bioctl -n '__fish_seen_subcommand_from notifications; and __fish_seen_subcommand_from test' -l target -x -d 'Only this one'

complete -c bioctl -n '__fish_seen_subcommand_from notifications; and __fish_seen_subcommand_from import' -s n -l dry-run -d 'Change nothing, say what would be done'
complete -c bioctl -n '__fish_seen_subcommand_from notifications; and __fish_seen_subcommand_from import' -r -F

complete -c bioctl -n '__fish_seen_subcommand_from notifications; and __fish_seen_subcommand_from export' -r -F

complete -c bioctl -n '__fish_seen_subcommand_from routers; and __fish_seen_subcommand_from add' -l user -x -d 'User of the router'
complete -c bioctl -n '__fish_seen_subcommand_from routers; and __fish_seen_subcommand_from add' -l password-file -r -F -d 'File (mode 0600) with its password; - is standard input'
complete -c bioctl -n '__fish_seen_subcommand_from routers; and __fish_seen_subcommand_from add' -l tls -x -a 'ca pin anon off' -d 'Whom to believe: a known authority, one public key, nobody (anon), or no TLS at all'
complete -c bioctl -n '__fish_seen_subcommand_from routers; and __fish_seen_subcommand_from add' -l pin -x -a 'busy_timeout cors_origins data_dir device_offline_after device_warning_after event_cooldown jobs log_level map_attribution map_tiles margin max_bytes max_pixels metric min_quality models_dir on_duplicate palm_threshold ping_down ping_group_rules ping_guards ping_up recognized_minors threshold timezone webhook_key_file webhook_url' -d 'Public key of the router for --tls pin: sha256//BASE64'
complete -c bioctl -n '__fish_seen_subcommand_from routers; and __fish_seen_subcommand_from add' -l via -x -a 'api rest' -d 'The API of RouterOS, or its REST interface (7.1 and later)'
complete -c bioctl -n '__fish_seen_subcommand_from routers; and __fish_seen_subcommand_from add' -l login -x -a 'auto plain md5' -d 'How the API is logged in to: plain since RouterOS 6.43, md5 before'
complete -c bioctl -n '__fish_seen_subcommand_from routers; and __fish_seen_subcommand_from add' -l disabled -d 'Do not ask it yet'


complete -c bioctl -n '__fish_seen_subcommand_from routers; and __fish_seen_subcommand_from check' -l force -d 'Log in although a refusal has stopped the logins'
complete -c bioctl -n '__fish_seen_subcommand_from routers; and __fish_seen_subcommand_from check' -l timeout -x -d 'Seconds to wait: for the connection, for the login, for each answer'

complete -c bioctl -n '__fish_seen_subcommand_from routers; and __fish_seen_subcommand_from edit' -l name -x -d 'Another name'
complete -c bioctl -n '__fish_seen_subcommand_from routers; and __fish_seen_subcommand_from edit' -l host -x -d 'Another name or address'
complete -c bioctl -n '__fish_seen_subcommand_from routers; and __fish_seen_subcommand_from edit' -l user -x -d 'User of the router'
complete -c bioctl -n '__fish_seen_subcommand_from routers; and __fish_seen_subcommand_from edit' -l password-file -r -F -d 'File (mode 0600) with its password; - is standard input'
complete -c bioctl -n '__fish_seen_subcommand_from routers; and __fish_seen_subcommand_from edit' -l tls -x -a 'ca pin anon off' -d 'Whom to believe: a known authority, one public key, nobody (anon), or no TLS at all'
complete -c bioctl -n '__fish_seen_subcommand_from routers; and __fish_seen_subcommand_from edit' -l pin -x -a 'busy_timeout cors_origins data_dir device_offline_after device_warning_after event_cooldown jobs log_level map_attribution map_tiles margin max_bytes max_pixels metric min_quality models_dir on_duplicate palm_threshold ping_down ping_group_rules ping_guards ping_up recognized_minors threshold timezone webhook_key_file webhook_url' -d 'Public key of the router for --tls pin: sha256//BASE64'
complete -c bioctl -n '__fish_seen_subcommand_from routers; and __fish_seen_subcommand_from edit' -l via -x -a 'api rest' -d 'The API of RouterOS, or its REST interface (7.1 and later)'
complete -c bioctl -n '__fish_seen_subcommand_from routers; and __fish_seen_subcommand_from edit' -l login -x -a 'auto plain md5' -d 'How the API is logged in to: plain since RouterOS 6.43, md5 before'
complete -c bioctl -n '__fish_seen_subcommand_from routers; and __fish_seen_subcommand_from edit' -l enable -l disable -d 'Ask it, or leave it out'

complete -c bioctl -n '__fish_seen_subcommand_from routers; and __fish_seen_subcommand_from remove' -s y -l yes -d 'Do not ask'

complete -c bioctl -n '__fish_seen_subcommand_from hotspot; and __fish_seen_subcommand_from users' -l router -x -d 'Of this router; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from hotspot; and __fish_seen_subcommand_from users' -l server -x -d 'Of this hotspot server'
complete -c bioctl -n '__fish_seen_subcommand_from hotspot; and __fish_seen_subcommand_from users' -l stored -d 'As of the last poll, without asking the routers'
complete -c bioctl -n '__fish_seen_subcommand_from hotspot; and __fish_seen_subcommand_from users' -l timeout -x -d 'Seconds to wait for all routers together'

complete -c bioctl -n '__fish_seen_subcommand_from hotspot; and __fish_seen_subcommand_from poll' -l router -x -d 'Only this router; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from hotspot; and __fish_seen_subcommand_from poll' -l timeout -x -d 'Seconds to wait for all routers together'

complete -c bioctl -n '__fish_seen_subcommand_from hotspot; and __fish_seen_subcommand_from history' -l since -x -d 'From this time on: 2026-11-21, \'2026-11-21 07:15\', 2h, today'
complete -c bioctl -n '__fish_seen_subcommand_from hotspot; and __fish_seen_subcommand_from history' -l until -x -d 'Before this time'
complete -c bioctl -n '__fish_seen_subcommand_from hotspot; and __fish_seen_subcommand_from history' -l router -x -d 'Of this router'
complete -c bioctl -n '__fish_seen_subcommand_from hotspot; and __fish_seen_subcommand_from history' -l server -x -d 'Of this hotspot server'
complete -c bioctl -n '__fish_seen_subcommand_from hotspot; and __fish_seen_subcommand_from history' -l by -x -a 'hour day' -d 'One line for each hour or day of the configured time zone'

complete -c bioctl -n '__fish_seen_subcommand_from hotspot; and __fish_seen_subcommand_from sessions' -l since -x -d 'From this time on: 2026-11-21, \'2026-11-21 07:15\', 2h, today'
complete -c bioctl -n '__fish_seen_subcommand_from hotspot; and __fish_seen_subcommand_from sessions' -l until -x -d 'Before this time'
complete -c bioctl -n '__fish_seen_subcommand_from hotspot; and __fish_seen_subcommand_from sessions' -l router -x -d 'Of this router'
complete -c bioctl -n '__fish_seen_subcommand_from hotspot; and __fish_seen_subcommand_from sessions' -l server -x -d 'Of this hotspot server'
complete -c bioctl -n '__fish_seen_subcommand_from hotspot; and __fish_seen_subcommand_from sessions' -l open -d 'Only those that last'
complete -c bioctl -n '__fish_seen_subcommand_from hotspot; and __fish_seen_subcommand_from sessions' -l limit -x -d 'At most so many'

complete -c bioctl -n '__fish_seen_subcommand_from hotspot; and __fish_seen_subcommand_from top' -l since -x -d 'From this time on: 2026-11-21, \'2026-11-21 07:15\', 2h, today'
complete -c bioctl -n '__fish_seen_subcommand_from hotspot; and __fish_seen_subcommand_from top' -l until -x -d 'Before this time'
complete -c bioctl -n '__fish_seen_subcommand_from hotspot; and __fish_seen_subcommand_from top' -l router -x -d 'Of this router'
complete -c bioctl -n '__fish_seen_subcommand_from hotspot; and __fish_seen_subcommand_from top' -l server -x -d 'Of this hotspot server'
complete -c bioctl -n '__fish_seen_subcommand_from hotspot; and __fish_seen_subcommand_from top' -l limit -x -d 'At most so many'

complete -c bioctl -n '__fish_seen_subcommand_from serve' -l listen -x -d 'Where to listen: 127.0.0.1:8080, [::1]:8080, :8080 for all; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from serve' -l tls-cert -r -F -d 'Certificate with its chain, PEM: HTTPS instead of HTTP'
complete -c bioctl -n '__fish_seen_subcommand_from serve' -l tls-key -r -F -d 'Its private key, PEM'
complete -c bioctl -n '__fish_seen_subcommand_from serve' -l workers -x -d 'Photos looked at at once; 0 is the number of cores'
complete -c bioctl -n '__fish_seen_subcommand_from serve' -l base-path -r -F -d 'Everything is below this path, as a proxy in front hands it on'
complete -c bioctl -n '__fish_seen_subcommand_from serve' -l trusted-proxy -x -d 'A proxy whose X-Forwarded-For is believed; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from serve' -l off -x -d 'Leave out a family of addresses: attendance, laravel, biometric, ...'
complete -c bioctl -n '__fish_seen_subcommand_from serve' -l mount -r -F -d 'Another place for a family: attendance=/face'
complete -c bioctl -n '__fish_seen_subcommand_from serve' -l rate -x -d 'Requests a second of one client, 0 = no limit; this machine itself has none'
complete -c bioctl -n '__fish_seen_subcommand_from serve' -l max-connections -x -d 'Connections at once'
complete -c bioctl -n '__fish_seen_subcommand_from serve' -l readonly -d 'Answer, but change nothing'
complete -c bioctl -n '__fish_seen_subcommand_from serve' -l no-access-log -d 'Print no record of each request'
complete -c bioctl -n '__fish_seen_subcommand_from serve' -l no-deliver -d 'Leave the deliveries to another process'

complete -c bioctl -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add; and not __fish_seen_subcommand_from keys' -l role -x -a 'admin operator viewer' -d 'What it may do, see ROLES in the manual'
complete -c bioctl -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add; and not __fish_seen_subcommand_from keys' -l password-file -r -F -d 'File (mode 0600) with the password; - is standard input; without it you are asked on the terminal'


complete -c bioctl -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from passwd; and not __fish_seen_subcommand_from keys' -l password-file -r -F -d 'File (mode 0600) with the password; - is standard input; without it you are asked on the terminal'

complete -c bioctl -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from disable; and not __fish_seen_subcommand_from keys' -l force -d 'Also the last admin'


complete -c bioctl -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from remove; and not __fish_seen_subcommand_from keys' -l force -d 'Also the last admin'
complete -c bioctl -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from remove; and not __fish_seen_subcommand_from keys' -s y -l yes -d 'Do not ask'

complete -c bioctl -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from keys; and __fish_seen_subcommand_from create' -l scope -x -a 'read recognize enrol people devices network admin metrics' -d 'What it opens, see SCOPES in the manual; may be given several times'
complete -c bioctl -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from keys; and __fish_seen_subcommand_from create' -l expires -x -d 'When it ends: after a time (12h, 90d, 52w), or at one (2027-01-31); without it never'

complete -c bioctl -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from keys; and __fish_seen_subcommand_from list' -s a -l all -d 'Also those that were revoked'

complete -c bioctl -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from keys; and __fish_seen_subcommand_from revoke' -s y -l yes -d 'Do not ask'

complete -c bioctl -n '__fish_seen_subcommand_from audit; and __fish_seen_subcommand_from list' -l who -x -d 'Of this one: account:siti, key:bk_abcdefgh, local:root'
complete -c bioctl -n '__fish_seen_subcommand_from audit; and __fish_seen_subcommand_from list' -l origin -x -d 'From this address, or \'cli uid 0\''
complete -c bioctl -n '__fish_seen_subcommand_from audit; and __fish_seen_subcommand_from list' -l action -x -d 'Of this kind: people.remove, or all of people'
complete -c bioctl -n '__fish_seen_subcommand_from audit; and __fish_seen_subcommand_from list' -l subject -x -d 'Done to this one'
complete -c bioctl -n '__fish_seen_subcommand_from audit; and __fish_seen_subcommand_from list' -l person -x -a '(__bioctl_people)' -d 'Done to the person of this id, which the log does not hold in the clear'
complete -c bioctl -n '__fish_seen_subcommand_from audit; and __fish_seen_subcommand_from list' -l since -x -d 'From this time on: 2026-11-21, \'2026-11-21 07:15\', 2h, today'
complete -c bioctl -n '__fish_seen_subcommand_from audit; and __fish_seen_subcommand_from list' -l until -x -d 'Before this time'
complete -c bioctl -n '__fish_seen_subcommand_from audit; and __fish_seen_subcommand_from list' -l limit -x -d 'Only the newest so many'

complete -c bioctl -n '__fish_seen_subcommand_from audit; and __fish_seen_subcommand_from verify' -l expect -x -d 'What an earlier verify printed: that row must be there, unchanged'

complete -c bioctl -n '__fish_seen_subcommand_from models; and __fish_seen_subcommand_from list' -l available -d 'List the models that `models install` knows instead'


complete -c bioctl -n '__fish_seen_subcommand_from models; and __fish_seen_subcommand_from import' -l id -x -d 'Name of the model; default: made from the file\'s name'
complete -c bioctl -n '__fish_seen_subcommand_from models; and __fish_seen_subcommand_from import' -l sha256 -x -d 'Refuse the file unless it has this digest'
complete -c bioctl -n '__fish_seen_subcommand_from models; and __fish_seen_subcommand_from import' -l description -r -F -d 'JSON that describes an ONNX recogniser; default: FILE with .json'
complete -c bioctl -n '__fish_seen_subcommand_from models; and __fish_seen_subcommand_from import' -l use -d 'Make it the active model of its kind'
complete -c bioctl -n '__fish_seen_subcommand_from models; and __fish_seen_subcommand_from import' -r -F

complete -c bioctl -n '__fish_seen_subcommand_from models; and __fish_seen_subcommand_from install' -l sha256 -x -d 'Digest to expect instead of the pinned one'
complete -c bioctl -n '__fish_seen_subcommand_from models; and __fish_seen_subcommand_from install' -l url -x -d 'Fetch from this mirror'
complete -c bioctl -n '__fish_seen_subcommand_from models; and __fish_seen_subcommand_from install' -l use -d 'Make it the active model of its kind'


complete -c bioctl -n '__fish_seen_subcommand_from models; and __fish_seen_subcommand_from remove' -s y -l yes -d 'Do not ask'
complete -c bioctl -n '__fish_seen_subcommand_from models; and __fish_seen_subcommand_from remove' -s n -l dry-run -d 'Delete nothing, say what would be deleted'


complete -c bioctl -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from get' -x -a 'busy_timeout cors_origins data_dir device_offline_after device_warning_after event_cooldown jobs log_level map_attribution map_tiles margin max_bytes max_pixels metric min_quality models_dir on_duplicate palm_threshold ping_down ping_group_rules ping_guards ping_up recognized_minors threshold timezone webhook_key_file webhook_url'

complete -c bioctl -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from set' -l system -d 'Change the system\'s file instead of the user\'s'
complete -c bioctl -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from set' -x -a 'busy_timeout cors_origins data_dir device_offline_after device_warning_after event_cooldown jobs log_level map_attribution map_tiles margin max_bytes max_pixels metric min_quality models_dir on_duplicate palm_threshold ping_down ping_group_rules ping_guards ping_up recognized_minors threshold timezone webhook_key_file webhook_url'

complete -c bioctl -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from unset' -l system -d 'Change the system\'s file instead of the user\'s'
complete -c bioctl -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from unset' -x -a 'busy_timeout cors_origins data_dir device_offline_after device_warning_after event_cooldown jobs log_level map_attribution map_tiles margin max_bytes max_pixels metric min_quality models_dir on_duplicate palm_threshold ping_down ping_group_rules ping_guards ping_up recognized_minors threshold timezone webhook_key_file webhook_url'


complete -c bioctl -n '__fish_seen_subcommand_from doctor' -l deep -d 'Also read every byte of the models and look for every portrait'

complete -c bioctl -n '__fish_seen_subcommand_from generate; and __fish_seen_subcommand_from man' -x -a '(__fish_complete_directories)'

complete -c bioctl -n '__fish_seen_subcommand_from generate; and __fish_seen_subcommand_from completions' -x -a '(__fish_complete_directories)'

complete -c bioctl -n '__fish_seen_subcommand_from help' -x -a 'enroll bulk-enroll recognize watch compare people devices sync-hikvision events targets outbox ping-onts onts outages maintenance notifications routers hotspot serve accounts audit models config doctor generate help version'

