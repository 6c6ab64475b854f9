// Every .ics file of a folder through ical.js: parsed strictly, times by the zones that the file itself defines.
// One line for each finding or text: file TAB kind TAB name TAB value in hex.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ICAL from "ical.js";

const folder = process.argv[2];
const say = (file, kind, name, value) => console.log([file, kind, name, Buffer.from(value).toString("hex")].join("\t"));

function instant(file, event, name) {
  const at = event.getFirstPropertyValue(name);
  if (at) {
    const utc = at.convertToZone(ICAL.Timezone.utcTimezone);
    say(file, "instant", name.toUpperCase(), utc.toString());
  }
}

function eventOf(file, calendar) {
  const event = calendar.getFirstSubcomponent("vevent");
  for (const name of ["summary", "location", "description", "comment"]) {
    const value = event.getFirstPropertyValue(name);
    if (value !== null) say(file, "text", name.toUpperCase(), value);
  }
  instant(file, event, "dtstart");
  instant(file, event, "dtend");
  for (const attendee of event.getAllProperties("attendee")) {
    const name = attendee.getParameter("cn");
    if (name !== undefined) say(file, "text", attendee.getFirstValue(), name);
  }
  for (const property of event.getAllProperties()) {
    for (const value of property.getValues()) {
      if (value && value.isValid === false) say(file, "finding", property.name.toUpperCase(), "not a value");
    }
  }
}

ICAL.design.strict = true;
for (const file of readdirSync(folder).filter((name) => name.endsWith(".ics"))) {
  try {
    const calendar = new ICAL.Component(ICAL.parse(readFileSync(join(folder, file), "utf8")));
    eventOf(file, calendar);
    say(file, "read", "", "");
  } catch (error) {
    say(file, "finding", "VCALENDAR", String(error));
  }
}
