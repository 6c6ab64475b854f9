/* Every .ics file of a folder through libical: parsed, then held to the restrictions of its method (RFC 5546).

   One line for each finding or text: file TAB kind TAB name TAB value in hex. */
#include <dirent.h>
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void say(const char *file, const char *kind, const char *name, const char *value)
{
    printf("%s\t%s\t%s\t", file, kind, name);
    for (const unsigned char *at = (const unsigned char *)value; *at; at++)
        printf("%02x", *at);
    putchar('\n');
}

/* Everything that the parser or the check marked, in this component and those inside. */
static void findings(const char *file, icalcomponent *component)
{
    icalproperty *property = icalcomponent_get_first_property(component, ICAL_XLICERROR_PROPERTY);
    for (; property; property = icalcomponent_get_next_property(component, ICAL_XLICERROR_PROPERTY))
        say(file, "finding", icalcomponent_kind_to_string(icalcomponent_isa(component)),
            icalproperty_get_xlicerror(property));
    icalcomponent *inner = icalcomponent_get_first_component(component, ICAL_ANY_COMPONENT);
    for (; inner; inner = icalcomponent_get_next_component(component, ICAL_ANY_COMPONENT))
        findings(file, inner);
}

static void text(const char *file, icalcomponent *event, icalproperty_kind kind)
{
    icalproperty *property = icalcomponent_get_first_property(event, kind);
    if (property)
        say(file, "text", icalproperty_kind_to_string(kind), icalvalue_get_text(icalproperty_get_value(property)));
}

static void instant(const char *file, icalcomponent *event, icalproperty_kind kind)
{
    icalproperty *property = icalcomponent_get_first_property(event, kind);
    if (!property)
        return;
    struct icaltimetype at = icalproperty_get_datetime_with_component(property, NULL);
    time_t seconds = icaltime_as_timet_with_zone(at, icaltime_get_timezone(at));
    char written[32];
    strftime(written, sizeof written, "%Y-%m-%dT%H:%M:%SZ", gmtime(&seconds));
    say(file, "instant", icalproperty_kind_to_string(kind), written);
}

static void event_of(const char *file, icalcomponent *calendar)
{
    icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
    if (!event) {
        say(file, "finding", "VCALENDAR", "no VEVENT");
        return;
    }
    text(file, event, ICAL_SUMMARY_PROPERTY);
    text(file, event, ICAL_LOCATION_PROPERTY);
    text(file, event, ICAL_DESCRIPTION_PROPERTY);
    text(file, event, ICAL_COMMENT_PROPERTY);
    instant(file, event, ICAL_DTSTART_PROPERTY);
    instant(file, event, ICAL_DTEND_PROPERTY);
    icalproperty *attendee = icalcomponent_get_first_property(event, ICAL_ATTENDEE_PROPERTY);
    for (; attendee; attendee = icalcomponent_get_next_property(event, ICAL_ATTENDEE_PROPERTY)) {
        icalparameter *name = icalproperty_get_first_parameter(attendee, ICAL_CN_PARAMETER);
        if (name)
            say(file, "text", icalproperty_get_attendee(attendee), icalparameter_get_cn(name));
    }
}

static char *contents(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        exit(2);
    fseek(file, 0, SEEK_END);
    long length = ftell(file);
    rewind(file);
    char *found = calloc(1, (size_t)length + 1);
    if (fread(found, 1, (size_t)length, file) != (size_t)length)
        exit(2);
    fclose(file);
    return found;
}

static void check(const char *folder, const char *file)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, file);
    char *octets = contents(path);
    icalcomponent *calendar = icalparser_parse_string(octets);
    free(octets);
    if (!calendar) {
        say(file, "finding", "VCALENDAR", "cannot be parsed");
        return;
    }
    int fits = icalrestriction_check(calendar);
    findings(file, calendar);
    if (!fits && icalcomponent_count_errors(calendar) == 0)
        say(file, "finding", "VCALENDAR", "is not as its method wants it");
    event_of(file, calendar);
    say(file, "read", "", "");
    icalcomponent_free(calendar);
}

int main(int count, char **arguments)
{
    if (count != 2)
        return 2;
    icalerror_set_errors_are_fatal(0);
    DIR *folder = opendir(arguments[1]);
    if (!folder)
        return 2;
    for (struct dirent *entry; (entry = readdir(folder));)
        if (strstr(entry->d_name, ".ics"))
            check(arguments[1], entry->d_name);
    closedir(folder);
    return 0;
}
