// Any: a value as the rules see it, with the semantics of Python: None, bool, 64-bit int, float, str, list, tuple,
// dict, set, and objects of the evaluator's own (a message, a row, a query).
//
// Immutable once made and cheap to copy (containers are shared), so one value may be read by several threads. Texts are
// UTF-8. Dicts keep the order in which their keys came. Source: badges.md 3.6.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace badges {

class Any;
class Dict;
class Object;

using List = std::vector<Any>;

// A question that cannot be answered for these values: the third value beside true and false of badges.md 3.3.
class EvaluationError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Is told of the work that comparing, hashing and writing values is while one is in force on the thread, and may throw
// to end it: a list of a million references to one long text is quickly made, but not quickly compared.
class WorkMeter {
public:
    virtual ~WorkMeter() = default;
    virtual void work(std::size_t units) = 0;  // a unit: one value, or 64 bytes of text
};

// Puts a meter in force on this thread for as long as it lives.
class MeterInForce {
public:
    explicit MeterInForce(WorkMeter& meter);
    ~MeterInForce();
    MeterInForce(const MeterInForce&) = delete;
    MeterInForce& operator=(const MeterInForce&) = delete;

private:
    WorkMeter* before_;
};

enum class Kind { none, boolean, integer, real, text, list, tuple, dict, set, object };

class Any {
public:
    Any() = default;                                        // None
    Any(std::nullptr_t) {}                                  // NOLINT: meant to convert
    Any(bool truth) : value_(truth) {}                      // NOLINT
    Any(int number) : value_(std::int64_t{number}) {}       // NOLINT
    Any(std::int64_t number) : value_(number) {}            // NOLINT
    Any(double number) : value_(number) {}                  // NOLINT
    Any(std::string text);                                  // NOLINT
    Any(std::string_view text) : Any(std::string(text)) {}  // NOLINT
    Any(const char* text) : Any(std::string(text)) {}       // NOLINT
    Any(const void*) = delete;                              // no pointer is a truth value
    Any(std::shared_ptr<const Object> object);              // NOLINT
    static Any list(List items);
    static Any tuple(List items);
    static Any dict(Dict dict);
    static Any set(const List& items);  // drops doubles; throws an EvaluationError for items that cannot be hashed

    Kind kind() const noexcept;
    bool is_none() const noexcept { return kind() == Kind::none; }
    bool is_text() const noexcept { return kind() == Kind::text; }
    bool is_dict() const noexcept { return kind() == Kind::dict; }
    bool is_sequence() const noexcept { return kind() == Kind::list || kind() == Kind::tuple; }
    bool is_number() const noexcept;  // int, float and, as in Python, bool

    // Each needs the kind that it names.
    bool boolean() const { return std::get<bool>(value_); }
    std::int64_t integer() const { return std::get<std::int64_t>(value_); }
    double real() const { return std::get<double>(value_); }
    const std::string& text() const { return *std::get<std::shared_ptr<const std::string>>(value_); }
    const List& items() const;  // of a list or a tuple
    const Dict& dict() const;   // of a dict, or of a set: its members are the keys
    const Object& object() const { return *std::get<std::shared_ptr<const Object>>(value_); }

    bool truthy() const;
    const char* type_name() const;  // "int", "NoneType", ...
    std::string str() const;        // as Python's str() has it
    std::string repr() const;       // as Python's repr() has it
    std::size_t hash() const;       // throws an EvaluationError for lists, dicts and sets
    // A number as int or float: True is 1.
    std::optional<std::int64_t> as_integer() const;
    std::optional<double> as_real() const;

    // Python's ==: 1 == True == 1.0. Throws only what a WorkMeter throws.
    friend bool operator==(const Any& a, const Any& b);

private:
    struct Sequence {
        bool is_tuple;
        List items;
    };
    struct Table;  // a dict or a set
    explicit Any(std::shared_ptr<const Sequence> sequence) : value_(std::move(sequence)) {}
    explicit Any(std::shared_ptr<const Table> table) : value_(std::move(table)) {}

    std::variant<std::monostate, bool, std::int64_t, double, std::shared_ptr<const std::string>,
                 std::shared_ptr<const Sequence>, std::shared_ptr<const Table>, std::shared_ptr<const Object>>
        value_;
};

// -1, 0, 1 for values that Python puts in an order; throws an EvaluationError ("'<' not supported between ...") for
// others; nullopt where a NaN is involved.
std::optional<int> compare(const Any& a, const Any& b);

// What `is` means here: for scalars equality of type and value, so 1 is neither True nor 1.0; for containers equality
// of kind and content.
bool is_same(const Any& a, const Any& b);

// A dict: keys in the order in which they came.
class Dict {
public:
    using Entry = std::pair<Any, Any>;

    void set(Any key, Any value);  // throws an EvaluationError for a key that cannot be hashed
    const Any* find(const Any& key) const;
    const Any* find(std::string_view key) const;
    const Any* find(const char* key) const { return find(std::string_view(key)); }
    const Any* find(const std::string& key) const { return find(std::string_view(key)); }
    std::size_t size() const noexcept { return entries_.size(); }
    bool empty() const noexcept { return entries_.empty(); }
    auto begin() const noexcept { return entries_.begin(); }
    auto end() const noexcept { return entries_.end(); }

private:
    static constexpr std::size_t kIndexFrom = 12;  // fewer keys are faster looked through than hashed
    std::size_t position(const Any& key, std::size_t hash) const;
    void index();

    std::vector<Entry> entries_;
    std::unordered_multimap<std::size_t, std::size_t> index_;  // hash of the key -> position; empty while small
};

// What the evaluator offers besides plain values. Objects are equal if they are the same one.
class Object {
public:
    Object() = default;
    Object(const Object&) = delete;
    Object& operator=(const Object&) = delete;
    virtual ~Object() = default;
    virtual const char* type_name() const = 0;
    virtual Any attribute(std::string_view name) const = 0;  // throws an EvaluationError if there is none
};

}  // namespace badges
