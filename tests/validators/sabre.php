<?php
// Every .ics file of a folder through sabre/vobject: parsed strictly, then its validate(), repairing nothing.
// One line for each finding: file TAB kind TAB name TAB value in hex.
error_reporting(E_ALL & ~E_DEPRECATED);
require 'Sabre/VObject/autoload.php';

use Sabre\VObject\Reader;

function say($file, $kind, $name, $value) {
    echo "$file\t$kind\t$name\t" . bin2hex($value) . "\n";
}

foreach (scandir($argv[1]) as $file) {
    if (!str_ends_with($file, '.ics')) {
        continue;
    }
    try {
        $calendar = Reader::read(file_get_contents("$argv[1]/$file"));
        foreach ($calendar->validate() as $warning) {
            say($file, 'finding', $warning['node']->name, $warning['message']);
        }
        say($file, 'read', '', '');
    } catch (Throwable $error) {
        say($file, 'finding', 'VCALENDAR', get_class($error) . ': ' . $error->getMessage());
    }
}
