// Looks at a consumer class while it is compiled: which functions it has, and whether their signatures are right. What
// is wrong becomes a sentence of the compiler. No run-time code.
#ifndef FEDMSG_HUB_SDK_SHAPE_HPP
#define FEDMSG_HUB_SDK_SHAPE_HPP

#include <cstdint>
#include <ostream>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "consumer.hpp"

namespace fedmsg_hub::detail {

// Names<T>::NAME is true if T has any member called NAME: public or not, with whatever signature. (A class that
// inherits the name twice makes the look-up ambiguous, which is what is tested.)
#define FEDMSG_HUB_DETAIL_NAME(NAME)          \
    struct Decoy_##NAME {                     \
        int NAME;                             \
    };                                        \
    template <class T>                        \
    struct Probe_##NAME : T, Decoy_##NAME {}; \
    template <class T, class = void>          \
    struct Has_##NAME : std::true_type {};    \
    template <class T>                        \
    struct Has_##NAME<T, std::void_t<decltype(&Probe_##NAME<T>::NAME)>> : std::false_type {};

FEDMSG_HUB_DETAIL_NAME(describe)
FEDMSG_HUB_DETAIL_NAME(validate)
FEDMSG_HUB_DETAIL_NAME(start)
FEDMSG_HUB_DETAIL_NAME(stop)
FEDMSG_HUB_DETAIL_NAME(consume)
FEDMSG_HUB_DETAIL_NAME(consume_batch)
FEDMSG_HUB_DETAIL_NAME(on_timer)
FEDMSG_HUB_DETAIL_NAME(on_gap)
FEDMSG_HUB_DETAIL_NAME(poll)
FEDMSG_HUB_DETAIL_NAME(reconfigure)
FEDMSG_HUB_DETAIL_NAME(check)
FEDMSG_HUB_DETAIL_NAME(explain)
FEDMSG_HUB_DETAIL_NAME(command)
#undef FEDMSG_HUB_DETAIL_NAME

// What a public call of each gives back; the substitution fails if there is none.
template <class T>
using DescribeCall = decltype(T::describe());
template <class T>
using ValidateCall = decltype(T::validate(std::declval<const Options&>(), std::declval<Problems&>()));
template <class T>
using StartCall = decltype(std::declval<T&>().start());
template <class T>
using StopCall = decltype(std::declval<T&>().stop());
template <class T>
using ConsumeCall = decltype(std::declval<T&>().consume(std::declval<const Message&>()));
template <class T>
using ConsumeBatchCall = decltype(std::declval<T&>().consume_batch(std::declval<Batch&>()));
template <class T>
using OnTimerCall = decltype(std::declval<T&>().on_timer(std::declval<std::uint64_t>()));
template <class T>
using OnGapCall = decltype(std::declval<T&>().on_gap(std::declval<const Gap&>()));
template <class T>
using PollCall = decltype(std::declval<T&>().poll());
template <class T>
using ReconfigureCall = decltype(std::declval<T&>().reconfigure(std::declval<const Options&>()));
template <class T>
using CheckCall = decltype(std::declval<T&>().check(std::declval<Problems&>()));
template <class T>
using ExplainCall = decltype(std::declval<T&>().explain(std::declval<const Message&>(), std::declval<std::ostream&>()));
template <class T>
using CommandCall = decltype(std::declval<T&>().command(std::declval<const std::vector<std::string>&>(),
                                                        std::declval<std::ostream&>(), std::declval<std::ostream&>()));

template <template <class> class Call, class T, class Wanted, class = void>
struct Gives : std::false_type {};
template <template <class> class Call, class T, class Wanted>
struct Gives<Call, T, Wanted, std::void_t<Call<T>>> : std::is_same<Call<T>, Wanted> {};

// What is usable. A false one beside a true Has_... is an error that check() reports.
template <class T>
struct Can {
    static constexpr bool kDescribe = Gives<DescribeCall, T, Description>::value;
    static constexpr bool kValidate = Gives<ValidateCall, T, void>::value;
    static constexpr bool kStart = Gives<StartCall, T, void>::value;
    static constexpr bool kStop = Gives<StopCall, T, void>::value;
    static constexpr bool kConsumeToOutcome = Gives<ConsumeCall, T, Outcome>::value;
    static constexpr bool kConsume = kConsumeToOutcome || Gives<ConsumeCall, T, void>::value;
    static constexpr bool kConsumeBatch = Gives<ConsumeBatchCall, T, void>::value;
    static constexpr bool kTakesMessages = kConsume || kConsumeBatch;
    static constexpr bool kOnTimer = Gives<OnTimerCall, T, void>::value;
    static constexpr bool kOnGap = Gives<OnGapCall, T, void>::value;
    static constexpr bool kPoll = Gives<PollCall, T, void>::value;
    static constexpr bool kReconfigure = Gives<ReconfigureCall, T, void>::value;
    static constexpr bool kCheck = Gives<CheckCall, T, void>::value;
    static constexpr bool kExplain = Gives<ExplainCall, T, void>::value;
    static constexpr bool kCommand = Gives<CommandCall, T, int>::value;
    static constexpr bool kConstruct = std::is_default_constructible_v<T>;
};

template <class T>
constexpr bool kDerives = std::is_convertible_v<T*, Consumer*>;

// True if T has no member of that name or one with the right signature.
template <class T>
constexpr bool check_signatures() {
    static_assert(!Has_consume<T>::value || Can<T>::kConsume,
                  "fedmsg_hub: consume must be public and read: void consume(const fedmsg_hub::Message& message), or "
                  "return fedmsg_hub::Outcome in place of void");
    static_assert(!Has_consume_batch<T>::value || Can<T>::kConsumeBatch,
                  "fedmsg_hub: consume_batch must be public and read: void consume_batch(fedmsg_hub::Batch& batch)");
    static_assert(!Has_poll<T>::value || Can<T>::kPoll, "fedmsg_hub: poll must be public and read: void poll()");
    static_assert(!Has_validate<T>::value || Can<T>::kValidate,
                  "fedmsg_hub: validate must be public and read: static void validate(const fedmsg_hub::Options& "
                  "options, fedmsg_hub::Problems& problems)");
    static_assert(!Has_start<T>::value || Can<T>::kStart, "fedmsg_hub: start must be public and read: void start()");
    static_assert(!Has_stop<T>::value || Can<T>::kStop, "fedmsg_hub: stop must be public and read: void stop()");
    static_assert(!Has_on_timer<T>::value || Can<T>::kOnTimer,
                  "fedmsg_hub: on_timer must be public and read: void on_timer(std::uint64_t id)");
    static_assert(!Has_on_gap<T>::value || Can<T>::kOnGap,
                  "fedmsg_hub: on_gap must be public and read: void on_gap(const fedmsg_hub::Gap& gap)");
    static_assert(!Has_reconfigure<T>::value || Can<T>::kReconfigure,
                  "fedmsg_hub: reconfigure must be public and read: void reconfigure(const fedmsg_hub::Options& next)");
    static_assert(!Has_check<T>::value || Can<T>::kCheck,
                  "fedmsg_hub: check must be public and read: void check(fedmsg_hub::Problems& problems)");
    static_assert(!Has_explain<T>::value || Can<T>::kExplain,
                  "fedmsg_hub: explain must be public and read: void explain(const fedmsg_hub::Message& message, "
                  "std::ostream& out)");
    static_assert(!Has_command<T>::value || Can<T>::kCommand,
                  "fedmsg_hub: command must be public and read: int command(const std::vector<std::string>& arguments, "
                  "std::ostream& out, std::ostream& error)");
    return true;
}

// The whole class. Errors name what to write.
template <class T>
constexpr bool check() {
    static_assert(std::is_class_v<T>, "fedmsg_hub: FEDMSG_HUB_CONSUMER takes the name of a class");
    static_assert(kDerives<T>,
                  "fedmsg_hub: the class must derive publicly from fedmsg_hub::Consumer or fedmsg_hub::Producer");
    static_assert(!std::is_final_v<T>,
                  "fedmsg_hub: the class must not be final, so that its functions can be looked at");
    if constexpr (kDerives<T> && !std::is_final_v<T>) {
        static_assert(!std::is_abstract_v<T>, "fedmsg_hub: the class has pure virtual functions, so none can be made");
        static_assert(std::is_abstract_v<T> || Can<T>::kConstruct,
                      "fedmsg_hub: the class needs a public constructor without arguments and a public destructor; "
                      "options() can be used in the constructor");
        static_assert(check_signatures<T>());
        static_assert(Has_consume<T>::value || Has_consume_batch<T>::value || Has_poll<T>::value,
                      "fedmsg_hub: the class does nothing: give it a public function "
                      "void consume(const fedmsg_hub::Message& message), or void poll() if it is a producer");
        static_assert(!(Has_consume<T>::value && Has_consume_batch<T>::value),
                      "fedmsg_hub: the class has both consume and consume_batch: keep one");
        static_assert(!std::is_base_of_v<Producer, T> || Has_poll<T>::value,
                      "fedmsg_hub: a producer needs a public function: void poll()");
    }
    return true;
}

// Separate, since a registrar may be given another description.
template <class T>
constexpr bool check_describe() {
    static_assert(Can<T>::kDescribe,
                  "fedmsg_hub: the class needs a public function: static fedmsg_hub::Description describe()");
    return true;
}

}  // namespace fedmsg_hub::detail

#endif
