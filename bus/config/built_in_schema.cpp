// The table of config.md 5 and of architecture.md. A default that the original's old loader has wins over the newer one
// (config.md 7); `laid_under` marks those that are part of every configuration.
#include <initializer_list>

#include "bus/config/schema.hpp"

namespace fedmsg::config {
namespace {

constexpr const char* kOwner = "fedmsg-hub";

// Short ways to write the table.
KeySpec key(const char* name, Type type, const char* default_json, const char* help) {
    KeySpec spec;
    spec.name = name;
    spec.type = type;
    spec.default_json = default_json;
    spec.help = help;
    spec.nullable = true;
    spec.declared_by = kOwner;
    return spec;
}

KeySpec text(const char* name, const char* default_json, const char* help) {
    return key(name, Type::string, default_json, help);
}

KeySpec flag(const char* name, const char* default_json, const char* help) {
    KeySpec spec = key(name, Type::boolean, default_json, help);
    spec.nullable = false;
    return spec;
}

KeySpec whole(const char* name, const char* default_json, const char* help, double minimum = 0) {
    KeySpec spec = key(name, Type::integer, default_json, help);
    spec.nullable = false;
    spec.minimum = minimum;
    return spec;
}

KeySpec real(const char* name, const char* default_json, const char* help) {
    KeySpec spec = key(name, Type::number, default_json, help);
    spec.nullable = false;
    spec.minimum = 0;
    return spec;
}

KeySpec with_form(KeySpec spec, Form form) {
    spec.form = form;
    return spec;
}

KeySpec with_words(KeySpec spec, std::initializer_list<std::string> words) {
    spec.words = words;
    return spec;
}

KeySpec nullable(KeySpec spec) {
    spec.nullable = true;
    return spec;
}

KeySpec secret(KeySpec spec) {
    spec.secret = true;
    return spec;
}

KeySpec laid(KeySpec spec) {
    spec.laid_under = true;
    return spec;
}

KeySpec duration(const char* name, const char* default_json, const char* help) {
    return with_form(key(name, Type::any, default_json, help), Form::duration);
}

KeySpec switch_of(const char* name, const char* help) {
    return with_form(key(name, Type::any, "", help), Form::truth);
}

constexpr const char* kLogging = R"({
    "version": 1,
    "formatters": {"bare": {"datefmt": "%Y-%m-%d %H:%M:%S",
                            "format": "[%(asctime)s][%(name)10s %(levelname)7s] %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "bare", "level": "INFO",
                             "stream": "ext://sys.stdout"}},
    "loggers": {"fedmsg": {"level": "INFO", "propagate": false, "handlers": ["console"]},
                "moksha": {"level": "INFO", "propagate": false, "handlers": ["console"]}}})";

constexpr const char* kColors = R"({"fas": "light blue", "bodhi": "green", "git": "red", "tagger": "brown",
    "wiki": "purple", "logger": "orange", "pkgdb": "teal", "buildsys": "yellow", "planet": "light green"})";

using Table = std::initializer_list<KeySpec>;

void add_all(Schema& schema, Table table) {
    for (const KeySpec& spec : table) schema.add(spec);
}

void add_general(Schema& schema) {  // config.md 5.1
    add_all(
        schema,
        {
            laid(text("topic_prefix", R"("org.fedoraproject")", "first words of every topic")),
            text("topic_prefix_re", "", "regular expression for the prefix and the environment of a topic"),
            laid(text("environment", R"("dev")", "topic word after the prefix: prod, stg or dev by convention")),
            text("name", "", "name of this publisher: a key of endpoints"),
            key("endpoints", Type::map, "", "service name -> address or list of addresses"),
            key("srv_endpoints", Type::list, "", "domains whose DNS SRV records _fedmsg._tcp name further endpoints"),
            with_form(key("relay_inbound", Type::string_or_list, R"("tcp://127.0.0.1:2001")",
                          "where the relay listens and active publishers connect"),
                      Form::address),
            laid(flag("active", "false", "publishers connect to the relay instead of binding an endpoint")),
            nullable(flag("mute", "false", "create no publisher, without a warning")),
            text("publish_endpoint", "", "set by fedmsg-tail and fedmsg-trigger, read by nothing"),
            laid(flag("print_config", "false", "print the configuration and leave")),
            text("config_filename", "", "the configuration file given on the command line"),
            laid(real("timeout", "2", "accepted, read by nothing")),
            laid(key("persistent_store", Type::any, "null", "store of published messages for replay")),
            key("replay_endpoints", Type::map, "", "service name -> address of its replay server"),
            laid(key("logging", Type::map, kLogging, "what is logged where, in the form of Python's logging.config")),
        });
}

void add_zeromq(Schema& schema) {  // config.md 5.2
    add_all(schema,
            {
                flag("zmq_enabled", "true", "use ZeroMQ"),
                flag("zmq_strict", "false", "with topic_match: prefix, a topic without '*' matches only itself"),
                laid(whole("io_threads", "1", "ZeroMQ I/O threads")),
                laid(with_words(whole("high_water_mark", "0", "messages queued per socket; 0: the built-in limits"),
                                {"unlimited"})),
                laid(real("post_init_sleep", "0.5", "seconds that a publisher waits at most for its peer")),
                laid(whole("zmq_linger", "1000", "milliseconds to send what is queued when a publisher ends")),
                whole("zmq_tcp_keepalive", "1", "TCP keep-alive: 1 on, 0 off"),
                whole("zmq_tcp_keepalive_cnt", "3", "keep-alive probes until a connection counts as dead"),
                whole("zmq_tcp_keepalive_idle", "60", "seconds of silence before the first probe"),
                whole("zmq_tcp_keepalive_intvl", "5", "seconds between probes"),
                whole("zmq_reconnect_ivl", "100", "milliseconds before the first attempt to reconnect"),
                whole("zmq_reconnect_ivl_max", "1000", "longest milliseconds between attempts"),
                text("zmq_subscribe_endpoints", "", "set by the hub: addresses it subscribes to, joined by commas"),
                text("zmq_subscribe_method", "", "set by the hub: bind or connect"),
                text("zmq_publish_endpoints", "", "set by the hub: addresses it publishes on, joined by commas"),
            });
}

void add_signing(Schema& schema) {  // config.md 5.3
    add_all(schema,
            {
                flag("sign_messages", "false", "sign what is published"),
                flag("validate_signatures", "true", "check signatures of what is received"),
                text("crypto_backend", R"("x509")", "how to sign: x509 or gpg"),
                key("crypto_validate_backends", Type::list, R"(["x509"])", "kinds of signatures that are accepted"),
                text("ssldir", R"("/etc/pki/fedmsg")", "directory of certificates and keys"),
                text("ca_cert_location", R"("/etc/pki/fedmsg/ca.crt")", "path or https URL of the CA certificate"),
                text("crl_location", "null", "path or https URL of the revocation list; null: none"),
                text("ca_cert_cache", "null", "ignored"),
                text("crl_cache", "null", "ignored"),
                whole("ca_cert_cache_expiry", "0", "ignored"),
                whole("crl_cache_expiry", "3600", "ignored"),
                text("cert_prefix", "", "first half of the key into certnames"),
                key("certnames", Type::map, "{}", "SERVICE.HOST -> certificate name; also signing_relay"),
                text("certname", "", "computed per message; not to be set"),
                key("routing_policy", Type::map, "{}", "topic -> certificate names that may send it"),
                flag("routing_nitpicky", "false", "refuse topics that routing_policy does not name"),
                text("gpg_home", R"("~/.gnupg/")", "directory of the gpg keys"),
                text("gpg_signing_key", "", "the gpg key to sign with"),
                key("gpg_keys", Type::map, "", "host -> gpg key"),
            });
}

void add_hub(Schema& schema) {  // config.md 5.4
    add_all(
        schema,
        {
            whole("moksha.workers_per_consumer", "1", "accepted; see consumers: {NAME: {parallelism: N}}"),
            nullable(whole("moksha.threadpool_size", "", "accepted; each consumer has a thread of its own")),
            with_form(flag("moksha.blocking_mode", "false", "accepted; consumers never share a thread"), Form::word),
            with_form(text("moksha.monitoring.socket", "", "address where the hub publishes its statistics"),
                      Form::address),
            text("moksha.monitoring.socket.mode", "", "octal mode of that socket's file, as a text: \"770\""),
            text("moksha.livesocket.backend", R"("amqp")", "the websocket server does not exist: see /events"),
            key("moksha.livesocket.websocket.port", Type::any, "", "the websocket server does not exist: see /events"),
            text("moksha.livesocket.websocket.interface", "", "the websocket server does not exist: see /events"),
            with_form(flag("moksha.livesocket.websocket.client2server", "false", "the websocket server does not exist"),
                      Form::word),
            key("explicit_hub_consumers", Type::any, "null", "consumers to run, from --with-consumers"),
            text("status_directory", "", "directory of the original's status files"),
            text("datagrepper_url", "null", "URL of the history service's /raw"),
            flag("skip_last_message", "false", "leave out the first message fetched from the history service"),
            switch_of("fedmsg.consumers.dummy.enabled", "run the dummy consumer"),
            switch_of("fedmsg.consumers.relay.enabled", "run the relay"),
            switch_of("fedmsg.consumers.gateway.enabled", "run the gateway"),
            switch_of("fedmsg.consumers.ircbot.enabled", "run the irc bot"),
            switch_of("fedmsg.commands.collectd.enabled", "run the collectd producer"),
            whole("fedmsg.consumers.gateway.port", "9940", "port where the gateway publishes"),
            with_words(
                whole("fedmsg.consumers.gateway.high_water_mark", "1000", "messages queued per client of the gateway"),
                {"unlimited"}),
            whole("collectd_interval", "2", "seconds between reports to collectd", 1),
        });
}

void add_irc(Schema& schema) {  // config.md 5.5
    add_all(schema,
            {
                key("irc", Type::list, "", "list of irc connections"),
                with_words(text("irc_method", R"("notice")", "notice or msg"), {"notice", "msg"}),
                text("irc_default_color", R"("light grey")", "colour of titles that irc_color_lookup does not name"),
                key("irc_color_lookup", Type::map, kColors, "first word of a title -> colour"),
            });
}

void add_stomp_and_amqp(Schema& schema) {  // config.md 5.6
    for (const char* name :
         {"stomp_uri", "stomp_user", "stomp_ssl_crt", "stomp_ssl_key", "stomp_broker", "stomp_port", "stomp_heartbeat",
          "stomp_delay", "stomp_queue", "stomp_ack_mode", "stomp_send_explicit_nacks", "stomp_unescape_headers"})
        schema.add(key(name, Type::any, "", "STOMP is not supported"));
    schema.add(secret(key("stomp_pass", Type::any, "", "STOMP is not supported")));
    for (const char* name : {"amqp_broker", "amqp_broker_ssl", "amqp_broker_threaded", "amqp_broker_username"})
        schema.add(key(name, Type::any, "", "this AMQP extension is not supported"));
    schema.add(secret(key("amqp_broker_password", Type::any, "", "this AMQP extension is not supported")));
}

void add_command_options(Schema& schema) {  // config.md 5.7
    add_all(schema, {
                        text("logger_message", "", "--message of fedmsg-logger; not a default"),
                        nullable(flag("json_input", "false", "default of --json-input")),
                        text("topic", "", "default of --topic"),
                        text("modname", "", "default of --modname"),
                        text("link", "", "default of --link"),
                        key("query", Type::any, "", "default of --query"),
                        nullable(flag("pretty", "false", "default of --pretty")),
                        nullable(flag("really_pretty", "false", "default of --really-pretty")),
                        nullable(flag("cowsay", "false", "default of --cowsay")),
                        nullable(flag("terse", "false", "default of --terse")),
                        text("exclusive_regexp", "", "default of --filter"),
                        text("inclusive_regexp", "", "default of --regexp"),
                        key("users", Type::any, "", "default of --users"),
                        key("packages", Type::any, "", "default of --packages"),
                        key("command", Type::any, "", "default of --command"),
                        key("wait_for", Type::any, "", "default of --wait-for"),
                        key("max_queue_size", Type::any, "", "default of --max-queue-size"),
                        key("msg_id", Type::any, "", "default of --msg-id"),
                    });
}

void add_own(Schema& schema) {  // architecture.md
    add_all(schema, {
                        key("consumers", Type::map, "{}", "consumer name -> settings that the hub applies to it"),
                        key("plugins", Type::map, "{}", "file name without .so -> how the plugin is run"),
                        key("plugin_dirs", Type::string_or_list, "[]", "further directories with plugins"),
                        flag("strict_plugins", "false", "refuse to start if an enabled plugin cannot be loaded"),
                        text("state_dir", R"("/var/lib/fedmsg-hub")", "directory of durable state; the id is appended"),
                        text("runtime_dir", R"("/run/fedmsg-hub")", "directory of run-time files; the id is appended"),
                        with_words(text("durability", R"("interval")", "what survives a crash: sync, interval or none"),
                                   {"sync", "interval", "none"}),
                        duration("stop_timeout", R"("10 s")", "how long consumers may take to finish at a stop"),
                        duration("cursor_retention", R"("7 d")", "how long the place of a disabled consumer is kept"),
                        whole("max_waiting", "1000", "messages set aside per consumer before it is paused", 1),
                        whole("max_attempts", "5", "attempts per message before it becomes a dead letter", 1),
                        duration("call_deadline", R"("60 s")", "a call that takes longer counts as stalled"),
                        with_words(text("topic_match", R"("glob")", "glob, or prefix for the original's rule"),
                                   {"glob", "prefix"}),
                        key("hub_publisher", Type::map, "", "name: the entry of endpoints where plugins publish"),
                        key("http", Type::map, "", "listen: HOST:PORT or unix:PATH of the status pages"),
                    });
}

}  // namespace

Schema built_in_schema() {
    Schema schema;
    add_general(schema);
    add_zeromq(schema);
    add_signing(schema);
    add_hub(schema);
    add_irc(schema);
    add_stomp_and_amqp(schema);
    add_command_options(schema);
    add_own(schema);
    for (const char* map : {"endpoints", "replay_endpoints", "consumers", "plugins", "hub_publisher", "http"})
        schema.own_prefix(map, kOwner);
    return schema;
}

}  // namespace fedmsg::config
