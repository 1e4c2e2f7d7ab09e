/* The contract between fedmsg-hub and a consumer plugin (.so): plain C, ABI major version 1.
 *
 * Most authors include <fedmsg_hub/plugin.hpp> instead; this page is what it stands on.
 *
 * Rules that hold everywhere below
 *   - Who allocates, frees. Whatever is handed over is valid during that call only, unless its comment says otherwise.
 *   - Texts are {data, size}, UTF-8, without a NUL at the end. data may be NULL only if size is 0.
 *   - No exception may leave a plugin function; no function of the host throws.
 *   - The host calls one instance from one thread at a time (its lane thread, after create), never two calls at once.
 *   - Structs begin with struct_size, set by their owner. Fields are only ever appended; look at a field of a later
 *     minor version only if struct_size covers it. From release 1.0 on a test pins every offset.
 *   - Status results: FEDMSG_HUB_OK or one of the other values of fedmsg_hub_status.
 */
#ifndef FEDMSG_HUB_PLUGIN_ABI_H
#define FEDMSG_HUB_PLUGIN_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FEDMSG_HUB_ABI_MAJOR 1
#define FEDMSG_HUB_ABI_MINOR 1

typedef struct fedmsg_hub_text {
    const char* data;
    uint64_t size; /* bytes */
} fedmsg_hub_text;

/* Receives a text. `arg` is the pointer that was passed beside the function. The text is the caller's. */
typedef void (*fedmsg_hub_text_fn)(void* arg, fedmsg_hub_text text);

enum fedmsg_hub_status {
    FEDMSG_HUB_OK = 0,
    FEDMSG_HUB_FAILED = 1,      /* the reason went to the error function beside the call, where there is one */
    FEDMSG_HUB_NOT_FOUND = 2,   /* no such key, member or timer */
    FEDMSG_HUB_INVALID = 3,     /* an argument breaks the rules stated for it */
    FEDMSG_HUB_UNAVAILABLE = 4, /* not now (no connected peer, disk full): try again later */
    FEDMSG_HUB_UNSUPPORTED = 5  /* this host does not offer it */
};

/* ---- JSON ---------------------------------------------------------------------------------------------------
 * The host parses; plugins read that parse through these functions. Any thread, as long as the value lives. */

typedef struct fedmsg_hub_value fedmsg_hub_value; /* opaque; owned by the host */

enum fedmsg_hub_type {
    FEDMSG_HUB_NULL = 0,
    FEDMSG_HUB_BOOLEAN = 1,
    FEDMSG_HUB_INTEGER = 2, /* written without fraction and exponent; any length */
    FEDMSG_HUB_REAL = 3,
    FEDMSG_HUB_STRING = 4,
    FEDMSG_HUB_ARRAY = 5,
    FEDMSG_HUB_OBJECT = 6
};

enum fedmsg_hub_form {
    FEDMSG_HUB_CANONICAL = 0, /* sorted keys, no blanks: what is published and signed */
    FEDMSG_HUB_PRETTY = 1,    /* two-space indent, keys as received */
    FEDMSG_HUB_PYTHON = 2     /* Python text form, as fedmsg-tail prints */
};

typedef struct fedmsg_hub_json {
    uint32_t struct_size;
    uint32_t reserved;
    /* All take a non-NULL value. A question that does not fit the value's type gives 0, NULL or an empty text. */
    int32_t (*type)(const fedmsg_hub_value* value); /* enum fedmsg_hub_type */
    int32_t (*boolean)(const fedmsg_hub_value* value);
    /* FEDMSG_HUB_OK, or _INVALID if the value is no integer or does not fit 64 bits. */
    int32_t (*integer)(const fedmsg_hub_value* value, int64_t* out);
    double (*real)(const fedmsg_hub_value* value); /* integers are converted */
    /* A string's bytes; unpaired surrogates stand as three-byte sequences (WTF-8). Valid as long as the value. */
    fedmsg_hub_text (*string)(const fedmsg_hub_value* value);
    uint64_t (*size)(const fedmsg_hub_value* value); /* elements of an array, members of an object */
    const fedmsg_hub_value* (*element)(const fedmsg_hub_value* array, uint64_t index);
    const fedmsg_hub_value* (*member)(const fedmsg_hub_value* object, fedmsg_hub_text key);
    /* The member at a position, in received order; its key goes to *key (valid as long as the value). */
    const fedmsg_hub_value* (*member_at)(const fedmsg_hub_value* object, uint64_t index, fedmsg_hub_text* key);
    /* The value's text in one of enum fedmsg_hub_form. For a number of any length: its exact text. */
    void (*write)(const fedmsg_hub_value* value, int32_t form, fedmsg_hub_text_fn out, void* arg);
    /* Parses a text by the bus's rules. Returns a value that the caller gives back with release, or NULL after
     * having told `error` why (where in the text, what was wrong). */
    const fedmsg_hub_value* (*parse)(fedmsg_hub_text text, fedmsg_hub_text_fn error, void* arg);
    void (*release)(const fedmsg_hub_value* value);
} fedmsg_hub_json;

/* ---- Messages -------------------------------------------------------------------------------------------- */

enum fedmsg_hub_verdict {
    FEDMSG_HUB_UNCHECKED = 0, /* nobody asked for validation */
    FEDMSG_HUB_VALID = 1,
    FEDMSG_HUB_INVALID_SIGNATURE = 2 /* only for consumers that take invalid messages */
};

/* One message of the bus. The host's; valid until consume_batch returns. */
typedef struct fedmsg_hub_message {
    uint32_t struct_size;
    uint32_t verdict; /* enum fedmsg_hub_verdict */
    uint64_t offset;  /* position in this hub's journal; grows with every message */
    uint64_t token;   /* names this delivery for host->finish */
    uint32_t attempt; /* 1 for the first delivery, then 2, 3, ... */
    uint32_t reserved;
    int64_t received_ns;    /* when the hub received it: nanoseconds since the epoch */
    double timestamp;       /* the body's, seconds since the epoch; 0 if it has none */
    fedmsg_hub_text topic;  /* frame 1 */
    fedmsg_hub_text msg_id; /* empty if the body has none */
    fedmsg_hub_text username;
    fedmsg_hub_text body;           /* frame 2 exactly as received */
    fedmsg_hub_text endpoint;       /* the address it came from */
    fedmsg_hub_text verdict_reason; /* why a signature is invalid; else empty */
    const fedmsg_hub_value* root;   /* an object: the body; a foreign one is wrapped, {"topic": ..., "msg": body} */
    const fedmsg_hub_value* msg;    /* its "msg"; a null value if it has none */
} fedmsg_hub_message;

enum fedmsg_hub_outcome {
    FEDMSG_HUB_ACK = 0,   /* done */
    FEDMSG_HUB_DROP = 1,  /* not wanted; counted apart */
    FEDMSG_HUB_RETRY = 2, /* offer it again, not before delay_ms (0: the policy's delay) */
    FEDMSG_HUB_LATER = 3, /* host->finish will be called with the message's token */
    FEDMSG_HUB_FAIL = 4   /* counted as a failure, then offered again as the policy says */
};

typedef struct fedmsg_hub_result {
    int32_t outcome; /* enum fedmsg_hub_outcome; the host presets FEDMSG_HUB_ACK */
    uint32_t reserved;
    uint64_t delay_ms;
    fedmsg_hub_text reason; /* for the log, with RETRY, DROP and FAIL; the plugin's, valid until its next call */
    uint64_t reserved2[2];
} fedmsg_hub_result;

/* ---- What the host offers -------------------------------------------------------------------------------- */

typedef struct fedmsg_hub_context fedmsg_hub_context; /* opaque: this consumer, as the host knows it */

enum fedmsg_hub_level { FEDMSG_HUB_DEBUG = 0, FEDMSG_HUB_INFO = 1, FEDMSG_HUB_WARNING = 2, FEDMSG_HUB_ERROR = 3 };

/* The host's; valid from create until destroy returns. Functions marked "any thread" may be called from the plugin's
 * own threads from the beginning of start until stop has returned; the others from the calling lane thread only. */
typedef struct fedmsg_hub_host {
    uint32_t struct_size;
    uint32_t abi_minor; /* the host's */
    const fedmsg_hub_json* json;

    /* Any thread. One line of the log, under the consumer's name. */
    void (*log)(fedmsg_hub_context* context, int32_t level, fedmsg_hub_text line);
    /* Any thread. Names: [a-z][a-z0-9_]*, at most 64 bytes; at most 256 of them. */
    int32_t (*counter_add)(fedmsg_hub_context* context, fedmsg_hub_text name, uint64_t delta);
    int32_t (*gauge_set)(fedmsg_hub_context* context, fedmsg_hub_text name, double value);

    /* Any thread. Publishes a message whose "msg" is the JSON text `msg` under the relative topic
     * (prefix and environment are put in front). OK once handed over to a connected peer; UNAVAILABLE otherwise.
     * Needs the capability FEDMSG_HUB_PUBLISHES. */
    int32_t (*publish)(fedmsg_hub_context* context, fedmsg_hub_text topic, fedmsg_hub_text msg,
                       fedmsg_hub_text_fn error, void* arg);

    /* Lane thread. Durable key-value state of this consumer: keys 1 to 1,024 bytes, values up to 8 MiB.
     * state_put has returned OK only when the value survives the death of the process; state_sync has returned OK only
     * when all earlier puts survive a power cut too. */
    int32_t (*state_get)(fedmsg_hub_context* context, fedmsg_hub_text key, fedmsg_hub_text_fn out, void* arg);
    int32_t (*state_put)(fedmsg_hub_context* context, fedmsg_hub_text key, fedmsg_hub_text value);
    int32_t (*state_delete)(fedmsg_hub_context* context, fedmsg_hub_text key);
    /* Calls `out` with each key that begins with `prefix`, in byte order. */
    int32_t (*state_keys)(fedmsg_hub_context* context, fedmsg_hub_text prefix, fedmsg_hub_text_fn out, void* arg);
    int32_t (*state_sync)(fedmsg_hub_context* context);

    /* Any thread. on_timer(id) is called on the lane thread once, after at least delay_ms; an id that is already
     * scheduled moves. Timers do not survive a restart. */
    int32_t (*schedule)(fedmsg_hub_context* context, uint64_t delay_ms, uint64_t id);
    int32_t (*cancel)(fedmsg_hub_context* context, uint64_t id);

    /* Any thread. Finishes a message whose outcome was LATER: ACK, DROP, RETRY or FAIL. May come before consume_batch
     * has returned. NOT_FOUND if the host no longer waits for the token. */
    int32_t (*finish)(fedmsg_hub_context* context, uint64_t token, const fedmsg_hub_result* result);

    /* Any thread. 1 once the hub wants this consumer to stop: long work should end soon. */
    int32_t (*stop_requested)(fedmsg_hub_context* context);
    /* Any thread. Nanoseconds since the epoch, by the hub's clock. */
    int64_t (*now_ns)(fedmsg_hub_context* context);
    /* Reserved: text of a message (UNSUPPORTED in this version). */
    int32_t (*render)(fedmsg_hub_context* context, const fedmsg_hub_message* message, int32_t what,
                      fedmsg_hub_text_fn out, void* arg);

    /* -- since minor 1 -- */

    /* Any thread. As publish, with a message id of the plugin's own: "YEAR-" and a UUID. A consumer that sends a
     * message again after a crash gives it the id it had, so that receivers can tell. INVALID if `msg_id` has another
     * form. */
    int32_t (*publish_with_id)(fedmsg_hub_context* context, fedmsg_hub_text topic, fedmsg_hub_text msg,
                               fedmsg_hub_text msg_id, fedmsg_hub_text_fn error, void* arg);
    /* Any thread, from create on. The absolute path of a directory that is this consumer's alone (mode 0750), below the
     * hub's state directory; made when first asked for. UNAVAILABLE, with the reason told to `error`, if it cannot be.
     */
    int32_t (*directory)(fedmsg_hub_context* context, fedmsg_hub_text_fn out, fedmsg_hub_text_fn error, void* arg);
} fedmsg_hub_host;

/* ---- What a plugin declares ------------------------------------------------------------------------------ */

enum fedmsg_hub_option_type {
    FEDMSG_HUB_OPTION_STRING = 0,
    FEDMSG_HUB_OPTION_BOOLEAN = 1,
    FEDMSG_HUB_OPTION_INTEGER = 2,
    FEDMSG_HUB_OPTION_NUMBER = 3,
    FEDMSG_HUB_OPTION_LIST = 4,
    FEDMSG_HUB_OPTION_MAP = 5,
    FEDMSG_HUB_OPTION_ANY = 6
};

enum fedmsg_hub_option_flags {
    FEDMSG_HUB_OPTION_REQUIRED = 1, /* the hub refuses the configuration without it */
    FEDMSG_HUB_OPTION_SECRET = 2    /* never printed */
};

typedef struct fedmsg_hub_option {
    uint32_t struct_size;
    int32_t type; /* enum fedmsg_hub_option_type */
    uint32_t flags;
    uint32_t reserved;
    fedmsg_hub_text name;         /* the full configuration key */
    fedmsg_hub_text default_json; /* JSON text; empty: no default (the plugin then sees null) */
    fedmsg_hub_text help;         /* one sentence */
} fedmsg_hub_option;

enum fedmsg_hub_capabilities {
    FEDMSG_HUB_PUBLISHES = 1,   /* calls host->publish */
    FEDMSG_HUB_EXECUTES = 2,    /* starts child processes */
    FEDMSG_HUB_PARALLEL = 4,    /* several instances may work side by side */
    FEDMSG_HUB_RECONFIGURES = 8 /* has the function reconfigure */
};

enum fedmsg_hub_wish { FEDMSG_HUB_AS_CONFIGURED = 0, FEDMSG_HUB_YES = 1, FEDMSG_HUB_NO = 2 };

/* `user` is the descriptor's pointer of that name. Functions that can fail tell `error` why, once.
 * Required: create, destroy, and consume_batch (with topics) or poll (with a period). */
typedef struct fedmsg_hub_functions {
    uint32_t struct_size;
    uint32_t reserved;
    /* Optional. Pure: looks only at the options. Each problem found goes to `problem`, with the option's name. */
    int32_t (*validate)(void* user, const fedmsg_hub_json* json, const fedmsg_hub_value* options,
                        fedmsg_hub_text_fn problem, void* arg);
    /* Makes an instance and takes no exclusive resource (port, lock, database writer): an older instance may still be
     * at work. `options` is an object with a value for each declared option; valid during the call. */
    int32_t (*create)(void* user, const fedmsg_hub_host* host, fedmsg_hub_context* context,
                      const fedmsg_hub_value* options, void** instance, fedmsg_hub_text_fn error, void* arg);
    /* Optional. Takes exclusive resources. May follow stop again. */
    int32_t (*start)(void* instance, fedmsg_hub_text_fn error, void* arg);
    /* `messages` and `results` have `count` entries. */
    void (*consume_batch)(void* instance, const fedmsg_hub_message* const* messages, uint32_t count,
                          fedmsg_hub_result* results);
    /* Optional. Messages with offsets first..last are known to be missing; count of them matched this consumer
     * (UINT64_MAX: unknown). */
    void (*on_gap)(void* instance, uint64_t first, uint64_t last, uint64_t count);
    /* Optional; required for those who call host->schedule. FEDMSG_HUB_FAILED counts as a failure. */
    int32_t (*on_timer)(void* instance, uint64_t id, fedmsg_hub_text_fn error, void* arg);
    /* Optional. Called every period_ms. FEDMSG_HUB_FAILED is counted; polling goes on. */
    int32_t (*poll)(void* instance, fedmsg_hub_text_fn error, void* arg);
    /* Optional. Gives exclusive resources back; no call into the instance follows but start or destroy. */
    void (*stop)(void* instance);
    void (*destroy)(void* instance);
    /* With FEDMSG_HUB_RECONFIGURES: takes new options over without a new instance, or fails and keeps the old ones. */
    int32_t (*reconfigure)(void* instance, const fedmsg_hub_value* options, fedmsg_hub_text_fn error, void* arg);

    /* -- since minor 1: for fedmsg-hub-plugin-run. Called on an instance that was created and not started, perhaps
     * while a hub runs another one that was. All optional. -- */

    /* Looks at what validate cannot: files, credentials, services; changes nothing. Each problem goes to `problem`. */
    int32_t (*check)(void* instance, fedmsg_hub_text_fn problem, void* arg);
    /* Says in lines of text what the consumer would make of a message and why; does nothing else. */
    int32_t (*explain)(void* instance, const fedmsg_hub_message* message, fedmsg_hub_text_fn out,
                       fedmsg_hub_text_fn error, void* arg);
    /* A command of the plugin's own, for operators. `arguments` has `count` entries. The texts for standard output and
     * error go to `out` and `error`, which may be called often. Gives the exit code of the program: 0 well, 1 failed, 2
     * wrong usage. */
    int32_t (*command)(void* instance, const fedmsg_hub_text* arguments, uint32_t count, fedmsg_hub_text_fn out,
                       fedmsg_hub_text_fn error, void* arg);
} fedmsg_hub_functions;

/* One consumer (or producer: no topics, but a period). The plugin's; the host copies it during `add`, except the
 * function table, `user` and what it points to, which stay valid for the life of the process. */
typedef struct fedmsg_hub_consumer {
    uint32_t struct_size;
    uint32_t capabilities; /* enum fedmsg_hub_capabilities, or-ed */
    fedmsg_hub_text name;  /* [a-z][a-z0-9-]*, at most 64 bytes */
    fedmsg_hub_text description;
    fedmsg_hub_text config_key; /* the consumer runs only if the configuration has true here */
    const fedmsg_hub_text* topics;
    const fedmsg_hub_text* key_prefixes; /* "badges": all configuration keys that begin with "badges." are its own */
    const fedmsg_hub_option* const* options;
    uint32_t topic_count;
    uint32_t key_prefix_count;
    uint32_t option_count;
    int32_t validate_signatures; /* enum fedmsg_hub_wish */
    uint64_t period_ms;          /* of poll; 0: none */
    /* Retry policy; 0: the hub's default. */
    uint32_t max_attempts;
    uint32_t first_delay_ms;
    double delay_factor;
    uint64_t max_delay_ms;
    const fedmsg_hub_functions* functions;
    void* user;
} fedmsg_hub_consumer;

/* The host's, during describe only. */
typedef struct fedmsg_hub_describe_sink {
    uint32_t struct_size;
    uint32_t reserved;
    void* arg;
    int32_t (*add)(void* arg, const fedmsg_hub_consumer* consumer);
    void (*error)(void* arg, fedmsg_hub_text text); /* before returning FEDMSG_HUB_FAILED */
} fedmsg_hub_describe_sink;

/* What fedmsg_hub_plugin_v1 returns: static storage, never freed. */
typedef struct fedmsg_hub_plugin {
    uint32_t struct_size;
    uint32_t abi_major;      /* FEDMSG_HUB_ABI_MAJOR at the plugin's build */
    uint32_t abi_minor;      /* FEDMSG_HUB_ABI_MINOR at the plugin's build */
    uint32_t required_minor; /* the oldest host it can live with */
    fedmsg_hub_text name;
    fedmsg_hub_text version;
    fedmsg_hub_text build_id;
    /* Pure (no files, sockets, threads): hands one descriptor per consumer to the sink. `configuration` is the hub's
     * whole configuration, an object of flat keys. */
    int32_t (*describe)(const fedmsg_hub_json* json, const fedmsg_hub_value* configuration,
                        const fedmsg_hub_describe_sink* sink);
} fedmsg_hub_plugin;

/* The one symbol that a plugin exports. */
typedef const fedmsg_hub_plugin* (*fedmsg_hub_plugin_entry)(void);
#define FEDMSG_HUB_PLUGIN_ENTRY "fedmsg_hub_plugin_v1"

#ifdef __cplusplus
}
#endif

#endif
