<?php

namespace RunCloudRelay;

use RunCloudRelay\Http\Transport;
use RunCloudRelay\Http\WordPressTransport;
use RunCloudRelay\Integration\MappingUpdater;
use RunCloudRelay\Names\NetworkNames;
use RunCloudRelay\Names\UltimateMultisiteWwwRule;
use RunCloudRelay\Queue\ActionSchedulerWakeup;
use RunCloudRelay\Queue\CronWakeup;
use RunCloudRelay\Queue\DomainStore;
use RunCloudRelay\Queue\EventStore;
use RunCloudRelay\Queue\Recorder;
use RunCloudRelay\Queue\Sender;
use RunCloudRelay\Queue\Wakeup;
use RunCloudRelay\Queue\Worker;
use RunCloudRelay\Queue\WpdbDomainStore;
use RunCloudRelay\Queue\WpdbEventStore;
use RunCloudRelay\Reconcile\Findings;
use RunCloudRelay\Reconcile\OptionFindings;
use RunCloudRelay\Reconcile\Reconciler;
use RunCloudRelay\Rest\OutcomeReceiver;
use RunCloudRelay\Rest\WpdbOutcomeMemory;
use RunCloudRelay\Screens\Access;
use RunCloudRelay\Settings\Credentials;
use RunCloudRelay\Settings\Encryption;
use RunCloudRelay\Settings\GuardedRelay;
use RunCloudRelay\Settings\Home;
use RunCloudRelay\Settings\IntegrationSwitch;
use RunCloudRelay\Settings\OptionPause;
use RunCloudRelay\Settings\Options;
use RunCloudRelay\Settings\Pause;
use RunCloudRelay\Signals\MappingSignals;
use RunCloudRelay\Signals\SiteSignals;
use RunCloudRelay\Status\ConnectionTest;
use RunCloudRelay\Status\StatusReader;
use RunCloudRelay\Status\StatusStore;
use RunCloudRelay\Status\WpdbStatusStore;
use RunCloudRelay\Storage\Schema;
use RunCloudRelay\Time\Clock;
use RunCloudRelay\Time\SystemClock;

/** Makes the parts of the plugin, each once and only when it is needed. The only place that knows how they fit. */
final class Services {
	/** @var array<string, object> */
	private array $made = [];

	/**
	 * @template T of object
	 * @param class-string<T> $name
	 * @param callable(): T   $make
	 * @return T
	 */
	private function once( string $name, callable $make ) {
		return $this->made[ $name ] ??= $make();
	}

	public function clock(): Clock {
		return $this->once( Clock::class, static fn() => new SystemClock() );
	}

	public function transport(): Transport {
		return $this->once( Transport::class, static fn() => new WordPressTransport() );
	}

	public function schema(): Schema {
		global $wpdb;
		return $this->once( Schema::class, static fn() => new Schema( $wpdb ) );
	}

	public function options(): Options {
		return $this->once( Options::class, static fn() => new Options() );
	}

	public function credentials(): Credentials {
		return $this->once( Credentials::class, static fn() => new Credentials( new Encryption( wp_salt( 'auth' ) ) ) );
	}

	public function home(): Home {
		return $this->once( Home::class, fn() => new Home( $this->credentials(), $this->integrationSwitch() ) );
	}

	public function relay(): GuardedRelay {
		return $this->once( GuardedRelay::class, fn() => new GuardedRelay( $this->credentials(), $this->home(), $this->transport(), $this->clock() ) );
	}

	public function names(): NetworkNames {
		global $wpdb;
		return $this->once( NetworkNames::class, fn() => new NetworkNames( $wpdb, new UltimateMultisiteWwwRule(), $this->options() ) );
	}

	public function events(): EventStore {
		global $wpdb;
		return $this->once( EventStore::class, fn() => new WpdbEventStore( $wpdb, $this->schema() ) );
	}

	public function domains(): DomainStore {
		global $wpdb;
		return $this->once( DomainStore::class, fn() => new WpdbDomainStore( $wpdb, $this->schema() ) );
	}

	public function wakeup(): Wakeup {
		return $this->once(
			Wakeup::class,
			static fn() => ActionSchedulerWakeup::isThere() ? new ActionSchedulerWakeup( new CronWakeup() ) : new CronWakeup()
		);
	}

	public function recorder(): Recorder {
		return $this->once(
			Recorder::class,
			fn() => new Recorder( $this->names(), $this->events(), $this->domains(), $this->wakeup(), $this->clock(), static fn() => random_bytes( 16 ) )
		);
	}

	public function mappingSignals(): MappingSignals {
		return $this->once( MappingSignals::class, fn() => new MappingSignals( $this->recorder(), $this->names() ) );
	}

	public function siteSignals(): SiteSignals {
		return $this->once( SiteSignals::class, fn() => new SiteSignals( $this->recorder(), $this->names() ) );
	}

	public function pause(): Pause {
		return $this->once( Pause::class, static fn() => new OptionPause() );
	}

	public function statusStore(): StatusStore {
		global $wpdb;
		return $this->once( StatusStore::class, fn() => new WpdbStatusStore( $wpdb, $this->schema() ) );
	}

	public function statuses(): StatusReader {
		return $this->once( StatusReader::class, fn() => new StatusReader( $this->statusStore(), $this->mappingUpdater(), $this->relay(), $this->clock() ) );
	}

	public function mappingUpdater(): MappingUpdater {
		return $this->once( MappingUpdater::class, fn() => new MappingUpdater( $this->statusStore(), $this->clock() ) );
	}

	public function outcomes(): OutcomeReceiver {
		global $wpdb;
		return $this->once(
			OutcomeReceiver::class,
			fn() => new OutcomeReceiver( new WpdbOutcomeMemory( $wpdb, $this->schema() ), $this->statusStore(), $this->mappingUpdater(), $this->pause(), $this->clock() )
		);
	}

	public function findings(): Findings {
		return $this->once( Findings::class, static fn() => new OptionFindings() );
	}

	public function reconciler(): Reconciler {
		return $this->once(
			Reconciler::class,
			fn() => new Reconciler( $this->names(), $this->domains(), $this->events(), $this->recorder(), $this->relay(), $this->findings(), $this->clock() )
		);
	}

	public function connectionTest(): ConnectionTest {
		return $this->once( ConnectionTest::class, fn() => new ConnectionTest( $this->credentials(), $this->home(), $this->relay() ) );
	}

	public function integrationSwitch(): IntegrationSwitch {
		return $this->once( IntegrationSwitch::class, static fn() => new IntegrationSwitch() );
	}

	public function access(): Access {
		return $this->once( Access::class, fn() => new Access( $this->names() ) );
	}

	public function worker(): Worker {
		return $this->once(
			Worker::class,
			function (): Worker {
				$sender = new Sender( $this->names(), $this->domains(), $this->events(), $this->recorder(), $this->clock() );
				return new Worker( $this->events(), $sender, $this->relay(), $this->wakeup(), $this->clock() );
			}
		);
	}
}
