// Marks for clang's thread-safety analysis (-Wthread-safety); they mean nothing to other compilers.
#pragma once

#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define FEDMSG_HUB_THREAD_MARK(x) __attribute__((x))
#else
#define FEDMSG_HUB_THREAD_MARK(x)
#endif

#define FEDMSG_HUB_GUARDED_BY(x) FEDMSG_HUB_THREAD_MARK(guarded_by(x))
#define FEDMSG_HUB_REQUIRES(x) FEDMSG_HUB_THREAD_MARK(requires_capability(x))

namespace fedmsg {

// A std::mutex that the analysis knows of.
class FEDMSG_HUB_THREAD_MARK(capability("mutex")) Mutex {
public:
    void lock() FEDMSG_HUB_THREAD_MARK(acquire_capability()) { mutex_.lock(); }
    void unlock() FEDMSG_HUB_THREAD_MARK(release_capability()) { mutex_.unlock(); }
    std::mutex& native() { return mutex_; }

private:
    std::mutex mutex_;
};

// Holds a Mutex for the life of a scope.
class FEDMSG_HUB_THREAD_MARK(scoped_lockable) Lock {
public:
    explicit Lock(Mutex& mutex) FEDMSG_HUB_THREAD_MARK(acquire_capability(mutex)) : mutex_(mutex) { mutex_.lock(); }
    ~Lock() FEDMSG_HUB_THREAD_MARK(release_capability()) {
        if (held_) mutex_.unlock();
    }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

    void lock() FEDMSG_HUB_THREAD_MARK(acquire_capability()) {
        mutex_.lock();
        held_ = true;
    }
    void unlock() FEDMSG_HUB_THREAD_MARK(release_capability()) {
        mutex_.unlock();
        held_ = false;
    }

private:
    Mutex& mutex_;
    bool held_ = true;
};

// Condition variable for a Mutex that the caller holds.
class CondVar {
public:
    void wait(Mutex& mutex) FEDMSG_HUB_REQUIRES(mutex) {
        std::unique_lock<std::mutex> held(mutex.native(), std::adopt_lock);
        condition_.wait(held);
        held.release();
    }
    // False if the time passed without a notification.
    template <class Duration>
    bool wait_for(Mutex& mutex, Duration limit) FEDMSG_HUB_REQUIRES(mutex) {
        std::unique_lock<std::mutex> held(mutex.native(), std::adopt_lock);
        const bool notified = condition_.wait_for(held, limit) == std::cv_status::no_timeout;
        held.release();
        return notified;
    }
    void notify_one() { condition_.notify_one(); }
    void notify_all() { condition_.notify_all(); }

private:
    std::condition_variable condition_;
};

}  // namespace fedmsg
