#include "lib/http/schemas.hpp"

#include <array>

namespace bioctl::http {

namespace {

constexpr std::string_view k_problem =
    R"({"type":"object","description":"RFC 9457","required":["type","title","status","code"],"properties":{"type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},"detail":{"type":"string"},"code":{"type":"string","description":"a word for programs, which does not change"}}})";
constexpr std::string_view k_session =
    R"({"type":"object","properties":{"name":{"type":"string"},"kind":{"type":"string","enum":["account","key"]},"role":{"type":["string","null"]},"scopes":{"type":"array","items":{"type":"string"}},"csrf_token":{"type":["string","null"]},"expires_at":{"type":["string","null"],"format":"date-time"}}})";
constexpr std::string_view k_person =
    R"({"type":"object","required":["id","templates"],"properties":{"id":{"type":"string"},"name":{"type":["string","null"]},"templates":{"type":"integer"},"palms":{"type":"integer","description":"of them, those of palms"},"created_at":{"type":"string","format":"date-time"},"updated_at":{"type":"string","format":"date-time"}}})";
constexpr std::string_view k_template =
    R"({"type":"object","properties":{"id":{"type":"integer"},"person_id":{"type":"string"},"modality":{"type":"string","enum":["face","palm"]},"contract":{"type":"string","description":"of which models it is"},"is_current":{"type":"boolean","description":"of the models in use"},"quality":{"type":"number"},"source":{"type":["string","null"]},"has_photo":{"type":"boolean"},"box":{"oneOf":[{"$ref":"#/components/schemas/Box"},{"type":"null"}]},"created_at":{"type":"string","format":"date-time"}}})";
constexpr std::string_view k_box =
    R"({"type":"object","description":"pixels of the upright photo","required":["top","right","bottom","left"],"properties":{"top":{"type":"integer"},"right":{"type":"integer"},"bottom":{"type":"integer"},"left":{"type":"integer"}}})";
constexpr std::string_view k_candidate =
    R"({"type":"object","properties":{"id":{"type":"string"},"name":{"type":["string","null"]},"distance":{"type":"number"}}})";
constexpr std::string_view k_recognition =
    R"({"type":"object","required":["faces"],"properties":{"faces":{"type":"array","items":{"type":"object","properties":{"box":{"$ref":"#/components/schemas/Box"},"quality":{"type":"number"},"person":{"oneOf":[{"$ref":"#/components/schemas/Candidate"},{"type":"null"}]},"distance":{"type":["number","null"]},"candidates":{"type":"array","items":{"$ref":"#/components/schemas/Candidate"}}}}},"width":{"type":"integer"},"height":{"type":"integer"},"rotation":{"type":"integer"},"threshold":{"type":"number"},"palm":{"description":"where one was looked for","oneOf":[{"type":"object","properties":{"box":{"$ref":"#/components/schemas/Box"},"quality":{"type":"number"},"side":{"type":"string","enum":["unknown","left","right"]},"person":{"oneOf":[{"$ref":"#/components/schemas/Candidate"},{"type":"null"}]},"distance":{"type":["number","null"]},"candidates":{"type":"array","items":{"$ref":"#/components/schemas/Candidate"}}}},{"type":"null"}]},"no_palm":{"description":"why there is none","oneOf":[{"type":"object","properties":{"reason":{"type":"string","enum":["no_hand","bad_pose","two_hands","too_small","low_quality"]},"detail":{"type":"string"}}},{"type":"null"}]},"palm_threshold":{"type":"number"}}})";
constexpr std::string_view k_delivery =
    R"({"type":"object","properties":{"id":{"type":"integer"},"target":{"type":"string"},"event":{"type":["integer","null"]},"state":{"type":"string","enum":["pending","sent","failed","skipped","dropped"]},"attempts":{"type":"integer"},"created_at":{"type":["string","null"],"format":"date-time"},"not_before":{"type":["string","null"],"format":"date-time"},"finished_at":{"type":["string","null"],"format":"date-time"},"http_status":{"type":["integer","null"]},"reason":{"type":["string","null"]},"idempotency_key":{"type":"string"}}})";
constexpr std::string_view k_event =
    R"({"type":"object","properties":{"id":{"type":"integer"},"time":{"type":"string","format":"date-time"},"local_time":{"type":["string","null"]},"received_at":{"type":["string","null"],"format":"date-time"},"device":{"type":"string"},"location":{"type":["string","null"]},"serial":{"type":"integer"},"epoch":{"type":"integer"},"kind":{"type":"string","enum":["recognized","other"]},"major":{"type":"integer"},"minor":{"type":"integer"},"minor_name":{"type":"string"},"is_sighting":{"type":"boolean","description":"seen by a camera of ours, not by a terminal"},"employee_no":{"type":["string","null"]},"person_id":{"type":["string","null"]},"name":{"type":["string","null"]},"picture_state":{"type":"string","enum":["none","pending","stored","gone","failed"]},"delivery":{"type":"string","enum":["none","pending","sent","failed","skipped","dropped"]},"attempts":{"type":"integer"},"verdict":{"type":["string","null"]},"distance":{"type":["number","null"]},"deliveries":{"type":"array","description":"of one event only","items":{"$ref":"#/components/schemas/Delivery"}}}})";
constexpr std::string_view k_device =
    R"({"type":"object","properties":{"name":{"type":"string"},"state":{"type":"string","enum":["unknown","ok","warning","offline","locked","refused","disabled","source"]},"since":{"type":["string","null"],"format":"date-time"},"reason":{"type":["string","null"]},"not_before":{"type":["string","null"],"format":"date-time"},"url":{"type":["string","null"]},"user":{"type":["string","null"]},"has_password":{"type":"boolean"},"location":{"type":["string","null"]},"tags":{"type":"array","items":{"type":"string"}},"tls":{"type":"string","enum":["ca","pin","off"]},"pin":{"type":["string","null"]},"window":{"type":"string","enum":["device","none","utc"]},"reuse_nonce":{"type":"boolean"},"enabled":{"type":"boolean"},"is_pushing":{"type":"boolean"},"serial_number":{"type":["string","null"]},"mac":{"type":["string","null"]},"model":{"type":["string","null"]},"firmware":{"type":["string","null"]},"last_sync":{"type":["string","null"],"format":"date-time"},"last_event":{"type":["string","null"],"format":"date-time"},"backlog":{"type":"integer"},"drift_ms":{"type":["integer","null"]},"failures":{"type":"integer"},"transitions":{"type":"array","description":"of one device only, newest first","items":{"type":"object","properties":{"at":{"type":"string","format":"date-time"},"from":{"type":"string"},"to":{"type":"string"},"reason":{"type":["string","null"]}}}}}})";
constexpr std::string_view k_ont =
    R"({"type":"object","properties":{"id":{"type":"integer"},"kind":{"type":"string","enum":["ont","olt","switch"]},"customer_id":{"type":["string","null"]},"name":{"type":"string"},"location":{"type":["string","null"]},"host":{"type":["string","null"]},"latitude":{"type":["number","null"]},"longitude":{"type":["number","null"]},"parent_id":{"type":["integer","null"]},"parent":{"type":["string","null"]},"tags":{"type":"array","items":{"type":"string"}},"enabled":{"type":"boolean"},"state":{"type":"string","enum":["unknown","up","down","disabled"]},"is_flapping":{"type":"boolean"},"rtt_us":{"type":["integer","null"]},"last_answered":{"type":["string","null"],"format":"date-time"},"asked_at":{"type":["string","null"],"format":"date-time"},"created_at":{"type":["string","null"],"format":"date-time"},"updated_at":{"type":["string","null"],"format":"date-time"}}})";
constexpr std::string_view k_outage =
    R"({"type":"object","properties":{"id":{"type":"integer"},"ont":{"type":"integer"},"name":{"type":"string"},"location":{"type":["string","null"]},"parent":{"type":["string","null"]},"started_at":{"type":"string","format":"date-time"},"ended_at":{"type":["string","null"],"format":"date-time"},"duration_s":{"type":"integer"},"start_error_ms":{"type":"integer"},"end_error_ms":{"type":["integer","null"]},"is_inferred":{"type":"boolean"},"parent_outage":{"type":["integer","null"]},"in_maintenance":{"type":"boolean"},"acked_at":{"type":["string","null"],"format":"date-time"},"acked_by":{"type":["string","null"]},"note":{"type":["string","null"]}}})";
constexpr std::string_view k_notification =
    R"({"type":"object","properties":{"id":{"type":"integer"},"at":{"type":"string","format":"date-time"},"type":{"type":"string","enum":["success","info","warning","error"]},"message":{"type":"string"},"ont":{"type":["integer","null"]},"ont_name":{"type":["string","null"]},"is_read":{"type":"boolean"}}})";
constexpr std::string_view k_target =
    R"({"type":"object","properties":{"name":{"type":"string"},"address":{"type":"string","description":"without what may be secret in it"},"format":{"type":"string"},"picture":{"type":"string","enum":["none","base64","multipart"]},"kinds":{"type":"array","items":{"type":"string"}},"devices":{"type":"array","items":{"type":"string"}},"locations":{"type":"array","items":{"type":"string"}},"cooldown_s":{"type":"integer"},"timeout_s":{"type":"integer"},"quiet_hours":{"type":["string","null"]},"after_s":{"type":"integer"},"has_token":{"type":"boolean"},"is_signed":{"type":"boolean"},"enabled":{"type":"boolean"}}})";
constexpr std::string_view k_router =
    R"({"type":"object","properties":{"name":{"type":"string"},"state":{"type":"string","enum":["unknown","ok","failing","refused","disabled"]},"host":{"type":"string"},"port":{"type":"integer"},"via":{"type":"string","enum":["api","rest"]},"tls":{"type":"string","enum":["off","ca","pin","anon"]},"enabled":{"type":"boolean"},"identity":{"type":["string","null"]},"version":{"type":["string","null"]},"last_poll":{"type":["string","null"],"format":"date-time"},"failures":{"type":"integer"},"not_before":{"type":["string","null"],"format":"date-time"},"reason":{"type":["string","null"]}}})";
constexpr std::string_view k_hotspot_user =
    R"({"type":"object","properties":{"router":{"type":"string"},"server":{"type":"string"},"user":{"type":"string"},"ip":{"type":["string","null"]},"mac":{"type":["string","null"]},"login_by":{"type":["string","null"]},"uptime_s":{"type":["integer","null"]},"bytes_in":{"type":"integer"},"bytes_out":{"type":"integer"},"last_seen":{"type":["string","null"],"format":"date-time"}}})";
constexpr std::string_view k_audit_row =
    R"({"type":"object","properties":{"id":{"type":"integer"},"at":{"type":"string","format":"date-time"},"who":{"type":"string"},"origin":{"type":"string"},"action":{"type":"string"},"subject":{"type":["string","null"]},"detail":{"type":"object"},"hash":{"type":"string"}}})";
constexpr std::string_view k_account =
    R"({"type":"object","properties":{"name":{"type":"string"},"role":{"type":"string","enum":["admin","operator","viewer"]},"enabled":{"type":"boolean"},"last_login":{"type":["string","null"],"format":"date-time"},"last_peer":{"type":["string","null"]},"created_at":{"type":"string","format":"date-time"},"updated_at":{"type":"string","format":"date-time"}}})";
constexpr std::string_view k_api_key =
    R"({"type":"object","properties":{"id":{"type":"string"},"name":{"type":"string"},"scopes":{"type":"array","items":{"type":"string"}},"state":{"type":"string","enum":["valid","expired","revoked"]},"expires_at":{"type":["string","null"],"format":"date-time"},"last_used_at":{"type":["string","null"],"format":"date-time"},"created_at":{"type":["string","null"],"format":"date-time"},"created_by":{"type":"string"},"revoked_at":{"type":["string","null"],"format":"date-time"},"key":{"type":"string","description":"when it is made, and never again"}}})";

constexpr std::string_view k_maintenance =
    R"({"type":"object","properties":{"id":{"type":"integer"},"scope":{"type":"string","enum":["all","ont","parent","location","group"]},"value":{"type":["string","null"]},"subject":{"type":["string","null"],"description":"the name of what it is for; null for all, and for what is removed"},"starts":{"type":"string","description":"wall time of the zone"},"zone":{"type":"string"},"duration":{"type":"string"},"duration_s":{"type":"integer"},"repeats":{"type":"string","enum":["once","daily","weekly"]},"until":{"type":["string","null"]},"state":{"type":"string","enum":["active","planned","over"]},"next":{"type":["string","null"],"format":"date-time"},"reason":{"type":["string","null"]},"created_at":{"type":["string","null"],"format":"date-time"}}})";
constexpr std::string_view k_availability_row =
    R"({"type":"object","properties":{"name":{"type":["string","null"],"description":"null: without a place, or a parent"},"ont":{"type":["integer","null"]},"location":{"type":["string","null"]},"parent":{"type":["string","null"]},"onts":{"type":"integer"},"availability":{"type":["number","null"],"description":"0 to 1; null where nobody looked"},"covered_s":{"type":"integer"},"down_s":{"type":"integer"},"outages":{"type":"integer"},"mttr_s":{"type":["integer","null"]},"mtbf_s":{"type":["integer","null"]},"longest_s":{"type":"integer"}}})";

constexpr std::string_view k_measured_share =
    R"({"type":"object","description":"a share with its 95 % interval","properties":{"value":{"type":"number"},"low":{"type":"number"},"high":{"type":"number"}}})";

constexpr std::array k_schemas{
    NamedSchema{"Problem", k_problem},
    NamedSchema{"Session", k_session},
    NamedSchema{"Person", k_person, true},
    NamedSchema{"Template", k_template, true},
    NamedSchema{"Box", k_box},
    NamedSchema{"Candidate", k_candidate},
    NamedSchema{"Recognition", k_recognition},
    NamedSchema{"Delivery", k_delivery, true},
    NamedSchema{"Event", k_event, true},
    NamedSchema{"Device", k_device, true},
    NamedSchema{"Ont", k_ont, true},
    NamedSchema{"Outage", k_outage, true},
    NamedSchema{"Maintenance", k_maintenance, true},
    NamedSchema{"AvailabilityRow", k_availability_row},
    NamedSchema{"Notification", k_notification, true},
    NamedSchema{"Target", k_target, true},
    NamedSchema{"Router", k_router, true},
    NamedSchema{"HotspotUser", k_hotspot_user, true},
    NamedSchema{"AuditRow", k_audit_row, true},
    NamedSchema{"Account", k_account, true},
    NamedSchema{"ApiKey", k_api_key, true},
    NamedSchema{"MeasuredShare", k_measured_share},
};

}  // namespace

std::span<NamedSchema const> named_schemas() {
    return k_schemas;
}

}  // namespace bioctl::http
