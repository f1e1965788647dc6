<?php

namespace RunCloudRelay\Reconcile;

use RunCloudRelay\Names\HeldName;
use RunCloudRelay\Queue\Announcement;

/** What the network holds, against what the relay has taken in from it and, if known, what the relay itself lists. */
final class Difference {
	/** Names to announce. @var HeldName[] */
	public array $missing = [];
	/** Names that were announced by this network and that it no longer holds. @var string[] */
	public array $gone = [];
	/** Names that the relay has and that this network never announced. Shown, never removed. @var string[] */
	public array $foreign = [];
	/** How many names were compared. */
	public int $held = 0;

	/**
	 * @param iterable<HeldName>          $held
	 * @param array<string, Announcement> $announced names that the relay took in as present, by name
	 * @param array<string, true>|null    $listed    names that the relay lists as wanted; null if it was not asked
	 */
	public static function between( iterable $held, array $announced, ?array $listed ): self {
		$difference = new self();
		$names = [];
		foreach ( $held as $name ) {
			$names[ $name->domain ] = true;
			if ( ! self::isKnown( $name, $announced[ $name->domain ] ?? null, $listed ) ) {
				$difference->missing[] = $name;
			}
		}
		$difference->held = count( $names );
		$difference->gone = array_keys( array_diff_key( $announced, $names ) );
		$difference->foreign = array_keys( array_diff_key( $listed ?? [], $names, $announced ) );
		return $difference;
	}

	/** @param array<string, true>|null $listed */
	private static function isKnown( HeldName $name, ?Announcement $announced, ?array $listed ): bool {
		// A relay that was set up anew lists nothing of what it once took in.
		$isListed = null === $listed || isset( $listed[ $name->domain ] );
		return $isListed && null !== $announced && $announced->www === $name->www && $announced->native === $name->native;
	}

	/**
	 * Whether enough names are gone that something else may have happened: a table that was emptied or put back.
	 * Then a person decides.
	 */
	public function isAlarming(): bool {
		return count( $this->gone ) > max( 5, intdiv( $this->held, 5 ) );
	}
}
